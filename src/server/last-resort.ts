import type { Logger } from '../env/logger.ts';

/**
 * Has an unhandled rejection logged, with how many there were in this thread, and lets the server go on: it
 * has cost only the work that it belongs to. Code that guards durability does not rely on this: it calls
 * `panic`.
 */
export function outliveRejections(logger: Logger): void {
  let rejections = 0;
  process.on('unhandledRejection', (error) => {
    rejections += 1;
    logger.error('a promise was rejected that nobody waits for', { error, rejections });
  });
}

/** The exit code of a process that ends by a bug of its own: EX_SOFTWARE of BSD's sysexits.h. */
export const bugExitCode = 70;
