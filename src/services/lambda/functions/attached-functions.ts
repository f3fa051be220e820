import type { AttachedHandler } from './function-runner.ts';

/**
 * Handlers of the program that this server is part of, by the names of their functions: they are there for as
 * long as it runs.
 */
export class AttachedFunctions {
  readonly #handlers = new Map<string, AttachedHandler>();

  /** From now on the function of this name is this handler. */
  attach(name: string, handler: AttachedHandler): void {
    this.#handlers.set(name, handler);
  }

  /** Undefined for a function that an earlier run of the program had attached. */
  handlerOf(name: string): AttachedHandler | undefined {
    return this.#handlers.get(name);
  }
}
