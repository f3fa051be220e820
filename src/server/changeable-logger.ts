import type { LogFields, Logger } from '../env/logger.ts';
import type { LogLevel } from './options.ts';

/** A logger whose level can be changed while others hold it. */
export class ChangeableLogger implements Logger {
  readonly #loggerAt: (level: LogLevel) => Logger;
  #logger: Logger;

  constructor(loggerAt: (level: LogLevel) => Logger, level: LogLevel) {
    this.#loggerAt = loggerAt;
    this.#logger = loggerAt(level);
  }

  change(level: LogLevel): void {
    this.#logger = this.#loggerAt(level);
  }

  debug(message: string, fields?: LogFields): void {
    this.#logger.debug(message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#logger.info(message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#logger.warn(message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#logger.error(message, fields);
  }
}
