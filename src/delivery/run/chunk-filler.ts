import type { Millis } from '../../env/clock.ts';
import { detached } from '../../env/detached.ts';
import type { ChunkFill, ChunkTable, RefusedTable } from '../formatter/chunk-setting.ts';
import type { ChunkInThread } from '../formatter/formatter-thread.ts';
import type { SourceReader } from '../source/source-reader.ts';
import type { SourceSlice } from '../source/source-slice.ts';
import type { Positions } from '../state/delivery-state.ts';
import type { ChunkAge } from './delivery-meter.ts';
import type { RunParts } from './run-parts.ts';

/** A chunk that has all that it is to have. Whoever has it drops it. */
export type FilledChunk = {
  /** Undefined when no record was read. */
  readonly inThread: ChunkInThread | undefined;
  /** How far its reader had come: with what it did not move, too. */
  readonly to: Positions;
  readonly age: ChunkAge;
  /** Bytes of memory that it takes. */
  readonly heldBytes: number;
  /** How old the record is that was read last, where the source has newer ones; else 0. */
  readonly behindMs: Millis;
  /** Records that were not there any more when they were to be read, at most. */
  readonly lost: number;
};

/** With the tables that a chunk may have rows for, which begins with these records. */
export type FillParts = RunParts & {
  readonly tables: (first: SourceSlice) => Promise<readonly (ChunkTable | RefusedTable)[]>;
};

export type FillSignals = {
  /** What is filled is dropped. */
  readonly stopped: AbortSignal;
  /** What is filled is enough. */
  readonly finished: AbortSignal;
};

/** When a chunk has enough. A chunk that is made again has what it had, and knows no other limits. */
export type FillLimits = {
  readonly bytes: number;
  readonly ms: Millis;
  /** Together with what is being put. */
  readonly heldBytes: number;
};

/**
 * Reads on into a chunk until it has enough, while the one before is being put. `isRoom` is told how much it
 * holds, and wakes the reader when its answer changes.
 */
export class ChunkFiller {
  readonly #parts: FillParts;
  readonly #reader: SourceReader;
  readonly #limits: FillLimits;
  readonly #signals: FillSignals;
  readonly #age: ChunkAge;
  #inThread: ChunkInThread | undefined;
  #fill: ChunkFill = { largestBytes: 0, heldBytes: 0 };
  /** What the thread is busy with: one slice is formatted while the next one is read. */
  #adding: { readonly bytes: number; readonly done: Promise<ChunkFill> } | undefined;
  #deadline = Number.POSITIVE_INFINITY;
  #lost = 0;
  /** When the record arrived that was read last. */
  #newest: Millis = Number.POSITIVE_INFINITY;

  constructor(parts: FillParts, reader: SourceReader, limits: FillLimits, signals: FillSignals) {
    this.#parts = parts;
    this.#reader = reader;
    this.#limits = limits;
    this.#signals = signals;
    this.#age = parts.meter.begin();
  }

  /**
   * Resolves when it is full, its time is over, all that is to be read was read, or it is finished; undefined
   * when it was stopped. Rejects as the reader does, or when it cannot be formatted: then it is dropped.
   */
  async fill(heldByOthers: () => number): Promise<FilledChunk | undefined> {
    const over = new AbortController();
    const wake = () => this.#reader.wake();
    for (const signal of [this.#signals.stopped, this.#signals.finished])
      signal.addEventListener('abort', wake, { signal: over.signal });
    try {
      while (!this.#isEnough()) await this.#readOn(heldByOthers);
      await this.#added();
      if (!this.#signals.stopped.aborted) return this.#filled();
    } catch (error) {
      this.#drop();
      throw error;
    } finally {
      over.abort(null);
    }
    this.#drop();
    return undefined;
  }

  async #readOn(heldByOthers: () => number): Promise<void> {
    if (this.#heldBytes + heldByOthers() >= this.#limits.heldBytes) {
      // What is being formatted takes less afterwards, mostly.
      if (this.#adding !== undefined) return await this.#added();
      return await this.#reader.grown(this.#deadline);
    }
    const slice = await this.#reader.next(this.#readBytes);
    if (slice !== undefined) return await this.#add(slice);
    if (this.#adding !== undefined) return await this.#added();
    if (!this.#isEnough()) await this.#reader.grown(this.#deadline);
  }

  #isEnough(): boolean {
    const { stopped, finished } = this.#signals;
    if (stopped.aborted || finished.aborted || this.#reader.isOver) return true;
    if (this.#parts.world.clock.monotonic() >= this.#deadline) return true;
    return this.#fill.largestBytes >= this.#limits.bytes || this.#fill.heldBytes >= this.#limits.heldBytes;
  }

  async #add(slice: SourceSlice): Promise<void> {
    const { world, formatter, spec } = this.#parts;
    this.#lost += slice.lost;
    await this.#added();
    if (slice.records === 0) return;
    this.#age.oldest = Math.min(this.#age.oldest, slice.oldest);
    this.#newest = slice.batches.at(-1)?.arrival ?? this.#newest;
    if (this.#inThread === undefined) {
      const tables = await this.#parts.tables(slice);
      this.#inThread = formatter.open({ spec, tables, partBytesMax: world.objects?.partBytesMax });
      this.#deadline = world.clock.monotonic() + this.#limits.ms;
    }
    const done = this.#inThread.add(slice);
    // Whoever waits for it hears of it, later.
    detached(done, () => undefined);
    this.#adding = { bytes: slice.bytes, done };
  }

  async #added(): Promise<void> {
    const adding = this.#adding;
    if (adding === undefined) return;
    this.#fill = await adding.done;
    if (this.#adding === adding) this.#adding = undefined;
  }

  /** No more than what it takes to be full, and not so little that reading is all it does. */
  get #readBytes(): number {
    const missing = this.#limits.bytes - this.#fill.largestBytes - (this.#adding?.bytes ?? 0);
    return Math.min(readBytesMax, Math.max(readBytesMin, missing));
  }

  get #heldBytes(): number {
    return this.#fill.heldBytes + (this.#adding?.bytes ?? 0);
  }

  #filled(): FilledChunk {
    const { heldBytes } = this.#fill;
    const to = this.#reader.positions;
    const age = Math.max(0, this.#parts.world.clock.now() - this.#newest);
    const behindMs = this.#reader.isAtTip ? 0 : age;
    return { inThread: this.#inThread, to, age: this.#age, heldBytes, behindMs, lost: this.#lost };
  }

  #drop(): void {
    this.#inThread?.drop();
    this.#parts.meter.end(this.#age);
  }
}

const readBytesMax = 1024 * 1024;
const readBytesMin = 64 * 1024;
