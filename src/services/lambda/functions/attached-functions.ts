import type { AttachedHandler } from './function-runner.ts';

/**
 * Handlers of the program that this server is part of, by `functionKeyOf`: they are there for as long as it
 * runs.
 */
export class AttachedFunctions {
  readonly #handlers = new Map<string, AttachedHandler>();

  /** From now on the function of this key is this handler. */
  attach(key: string, handler: AttachedHandler): void {
    this.#handlers.set(key, handler);
  }

  /** Undefined for a function that an earlier run of the program had attached. */
  handlerOf(key: string): AttachedHandler | undefined {
    return this.#handlers.get(key);
  }
}
