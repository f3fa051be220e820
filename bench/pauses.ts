import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Watches for how long this process was busy with one thing: code of its own, or collecting garbage. */
export class Pauses {
  readonly #delay = monitorEventLoopDelay({ resolution: 1 });

  constructor() {
    this.#delay.enable();
  }

  /** The longest so far, in milliseconds; one of them is the watching itself. */
  stop(): number {
    this.#delay.disable();
    return this.#delay.max / 1e6;
  }
}
