import type { Env } from './env.ts';
import { panicExitCode } from './env.ts';
import type { Logger } from './logger.ts';

/** Says why in one line, makes sure that it is said, then ends this process. */
export function nodePanic(logger: Logger, finish: () => void): Env['panic'] {
  return (reason, cause) => {
    logger.error(reason, { cause });
    finish();
    process.exit(panicExitCode);
  };
}
