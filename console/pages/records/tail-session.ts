import { type OpenEvents, resumedEvents } from './resumed-events.ts';
import type { TailBuffer } from './tail-buffer.ts';

/** `held`: paused for so long that the buffer is full, and reading waits with the server until it goes on. */
export type TailState = 'connecting' | 'live' | 'broken' | 'held' | 'ended' | 'refused';

/** What the server says of a tail once a second. */
export type TailStatus = {
  readonly seen: number;
  readonly matched: number;
  readonly lagMs: number | undefined;
};

export type TailWorld = {
  readonly open: OpenEvents;
  readonly canRetry: (error: unknown) => boolean;
  readonly pause: (attempt: number) => Promise<void>;
  /** Something is different: to be drawn when it suits. It is called once for each event. */
  readonly onChange: () => void;
};

/**
 * A live tail. While it follows, the buffer lets go of the oldest records; while it is paused, it keeps all that
 * come until it is full, and then reads on from there when it is to follow again: nothing is skipped by a pause.
 */
export class TailSession {
  readonly buffer: TailBuffer;
  state: TailState = 'connecting';
  status: TailStatus = { seen: 0, matched: 0, lagMs: undefined };
  /** Why it ended, where the server refused it. */
  error: unknown;
  readonly #world: TailWorld;
  readonly #ended = new AbortController();
  #isFollowing = true;
  #wake: () => void = () => {};

  constructor(buffer: TailBuffer, world: TailWorld) {
    this.buffer = buffer;
    this.#world = world;
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  follow(isOn: boolean): void {
    this.#isFollowing = isOn;
    if (isOn) this.#wake();
    this.#world.onChange();
  }

  stop(): void {
    this.#ended.abort();
    this.#wake();
  }

  /** Reads until it is stopped or comes to its end. Never rejects: what went wrong is `error`. */
  async run(): Promise<void> {
    let after: string | undefined;
    try {
      while (!this.#ended.signal.aborted) {
        this.#become('connecting');
        const held = await this.#readUntilFull(after);
        if (held === undefined) return this.#become('ended');
        after = held;
        await this.#untilFollowing();
      }
    } catch (error) {
      this.error = error;
      this.#become('refused');
    }
  }

  /** Answers where it stopped since the buffer is full; undefined at the end. */
  async #readUntilFull(after: string | undefined): Promise<string | undefined> {
    const reading = new AbortController();
    const signal = AbortSignal.any([reading.signal, this.#ended.signal]);
    const { open, canRetry } = this.#world;
    const pause = (attempt: number) => {
      this.#become('broken');
      return this.#world.pause(attempt);
    };
    try {
      for await (const { event, data, id } of resumedEvents({ open, signal, canRetry, pause, after })) {
        this.#take(event, data);
        const isToBeHeld = !this.#isFollowing && this.buffer.isFull;
        if (id !== undefined && isToBeHeld) return id;
      }
      return undefined;
    } finally {
      reading.abort();
    }
  }

  #take(event: string, data: string): void {
    if (event === 'record') this.buffer.push(data, !this.#isFollowing);
    if (event === 'status') this.status = statusOf(data);
    this.#become('live');
  }

  async #untilFollowing(): Promise<void> {
    while (!this.#isFollowing && !this.#ended.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      this.#become('held');
      await promise;
    }
  }

  #become(state: TailState): void {
    this.state = state;
    this.#world.onChange();
  }
}

function statusOf(data: string): TailStatus {
  const { seen, matched, lagMillis } = JSON.parse(data) as Record<string, number | undefined>;
  return { seen: seen ?? 0, matched: matched ?? 0, lagMs: lagMillis };
}
