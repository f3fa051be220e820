import type { Env } from './env.ts';
import { panicExitCode } from './env.ts';
import type { Logger } from './logger.ts';

/** Says why in one line, then ends this process. */
export function nodePanic(logger: Logger): Env['panic'] {
  return (reason, cause) => {
    logger.error(reason, { cause });
    process.exit(panicExitCode);
  };
}
