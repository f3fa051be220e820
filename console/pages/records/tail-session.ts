import { type OpenEvents, resumedEvents } from './resumed-events.ts';
import type { TailBuffer } from './tail-buffer.ts';

/** `held`: paused for so long that the buffer is full, and reading waits with the server until it goes on. */
export type TailState = 'connecting' | 'live' | 'broken' | 'held' | 'ended' | 'refused';

/**
 * What the server says of a tail once a second: how many records it looked at, and how old the last one is.
 */
export type TailStatus = { readonly records: number; readonly lagMs: number };

/** What is wrong though it goes on, or why it ended: `type` is the error's name. */
export type TailTrouble = { readonly type: string; readonly message: string };

export type TailWorld = {
  readonly open: OpenEvents;
  readonly canRetry: (error: unknown) => boolean;
  readonly pause: (attempt: number) => Promise<void>;
  /** Something is different: to be drawn when it suits. It is called once for each event. */
  readonly onChange: () => void;
};

/**
 * A live tail. While it follows, the buffer lets go of the oldest records; while it is paused, it keeps all
 * that come until it is full, and then reads on from there when it is to follow again: nothing is skipped by
 * a pause.
 */
export class TailSession {
  readonly buffer: TailBuffer;
  state: TailState = 'connecting';
  status: TailStatus = { records: 0, lagMs: 0 };
  /** The last that the server said. */
  trouble: TailTrouble | undefined;
  /** Why it ended, where the server refused it. */
  error: unknown;
  readonly #world: TailWorld;
  readonly #ended = new AbortController();
  #isFollowing = true;
  /** Looked at by connections before this one, each of which counts from 0. */
  #recordsBefore = 0;
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
        if (held === undefined) return this.#become(this.state === 'refused' ? 'refused' : 'ended');
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
    const { canRetry } = this.#world;
    const open: OpenEvents = (lastEventId, until) => {
      this.#recordsBefore = this.status.records;
      return this.#world.open(lastEventId, until);
    };
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
    let state: TailState = 'live';
    if (event === 'record') this.buffer.push(data, !this.#isFollowing);
    else if (event === 'trouble') this.trouble = JSON.parse(data) as TailTrouble;
    else if (event === 'status' || event === 'end') {
      const { records, lagMs, reason } = JSON.parse(data) as Partial<TailStatus> & { reason?: string };
      this.status = {
        records: this.#recordsBefore + (records ?? this.status.records - this.#recordsBefore),
        lagMs: lagMs ?? 0,
      };
      if (reason === 'trouble' || reason === 'deleted') state = 'refused';
    }
    this.#become(state);
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
