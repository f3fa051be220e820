import type { Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import type { LogFields } from '../../env/logger.ts';

/** What a user keeps in files, and what is to be done with it. */
export type WatchedSource<Value> = {
  /** Rejects when the files cannot be read. */
  read(): Promise<Value>;
  /** Another text when the files are others. */
  textOf(value: Value): string;
  /** Takes over what was read. Throws, and has changed nothing, when it is of no use. */
  take(value: Value): void;
  /** What the log says when it was taken over, and when it is of no use. */
  readonly replaced: string;
  readonly useless: string;
  readonly fields: LogFields;
};

/**
 * A user's files, read again when they change. They are looked at now and then, because what replaces them
 * does not always know which process to signal, and replaces links or whole directories, which no watch
 * outlives.
 */
export class WatchedFiles<Value> {
  readonly #source: WatchedSource<Value>;
  readonly #world: WatchWorld;
  readonly #closed = new AbortController();
  /** What was read last, good or bad. */
  #read: string;

  /** `current` is in use. */
  constructor(source: WatchedSource<Value>, current: Value, world: WatchWorld) {
    this.#source = source;
    this.#world = world;
    this.#read = source.textOf(current);
    detached(this.#watch(), unthinkable);
  }

  close(): void {
    this.#closed.abort();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closed;
    for (;;) {
      await this.#world.clock.sleep(lookMs, signal);
      if (signal.aborted) return;
      await this.look();
    }
  }

  /** Takes over what is new and good. What is new and bad is logged once, and what was there before stays. */
  async look(): Promise<void> {
    const { read, textOf, take, replaced, useless, fields } = this.#source;
    const { logger } = this.#world;
    let found: string | undefined;
    try {
      const value = await read();
      found = textOf(value);
      if (found === this.#read) return;
      take(value);
      logger.info(replaced, fields);
    } catch (error) {
      found ??= messageOf(error);
      if (found === this.#read) return;
      logger.error(useless, { error });
    }
    this.#read = found;
  }
}

export type WatchWorld = Pick<Env, 'clock' | 'logger'>;

const lookMs: Millis = 5_000;

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
