import type { Millis } from './clock.ts';

/** How this process and its machine do, for who looks. */
export interface Vitals {
  memory(): MemoryUse;
  /**
   * How this thread's event loop did since it was last asked; since the thread began at first. Pauses are
   * watched from then on as long as somebody asks now and then.
   */
  loop(): LoopUse;
  /** The version of what runs the program. */
  readonly engineVersion: string;
}

export type MemoryUse = {
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  readonly heapMaxBytes: number;
  /** Outside of the heap: what was read, and what is to be written. */
  readonly buffersBytes: number;
  /** What the machine has, or what the process may have of it. */
  readonly machineBytes: number;
};

export type LoopUse = {
  /** The share of the time, 0 to 1, in which it had something to do. */
  readonly busy: number;
  /** The longest time in which nothing else had its turn; undefined when it was not watched. */
  readonly pauseMs: Millis | undefined;
};
