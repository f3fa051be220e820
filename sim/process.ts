import type { Millis } from '../src/env/clock.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * A run of the program, from its start to its death. Whatever a dead process still waits for never comes:
 * its events are dropped, so its promises stay pending and it never sees what comes after it.
 */
export class Process {
  readonly #scheduler: Scheduler;
  readonly #bury: (reason: string) => void;
  readonly #parts = new Set<Process>();
  #isAlive = true;
  /** What has come to pass while it stood still, in order; undefined while it runs. */
  #held: (() => void)[] | undefined;
  /** Resolves with the reason when the process dies. */
  readonly death: Promise<string>;

  constructor(scheduler: Scheduler) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#scheduler = scheduler;
    this.#bury = resolve;
    this.death = promise;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Runs `action` as an event, `delay` from now, if the process still lives then. */
  after(delay: Millis, action: () => void): void {
    this.#scheduler.after(delay, () => this.run(action));
  }

  /** Runs `action` now, once the process goes on if it stands still, and never if it is dead. */
  run(action: () => void): void {
    if (!this.#isAlive) return;
    if (this.#held === undefined) action();
    else this.#held.push(action);
  }

  get isPaused(): boolean {
    return this.#held !== undefined;
  }

  /** Has it stand still, as SIGSTOP does: what comes to it waits. */
  pause(): void {
    this.#held ??= [];
    for (const part of this.#parts) part.pause();
  }

  /** Has it go on, as SIGCONT does: what has waited happens now, in order. */
  resume(): void {
    for (const action of this.#held ?? []) this.after(0, action);
    this.#held = undefined;
    for (const part of this.#parts) part.resume();
  }

  /** A part of this process, which may end before it, and ends with it. */
  fork(): Process {
    const part = new Process(this.#scheduler);
    if (this.#held !== undefined) part.pause();
    this.#parts.add(part);
    return part;
  }

  die(reason: string): void {
    for (const part of this.#parts) part.die(reason);
    this.#isAlive = false;
    this.#bury(reason);
  }
}
