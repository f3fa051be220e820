import { type Env, panicExitCode } from './env.ts';
import type { Logger } from './logger.ts';

/** Logs why in one line, makes sure that the line is written, then ends this process. */
export function nodePanic(logger: Logger, finish: () => void): Env['panic'] {
  return (reason, cause) => {
    logger.error(reason, { cause });
    finish();
    process.exit(panicExitCode);
  };
}
