import type { Clock, Millis } from '../../env/clock.ts';
import type { CopyState } from './copy-state.ts';
import { InterruptedError } from './kinesis-end.ts';
import { type CopiedSoFar, type CopyListener, copyShard, settleShard } from './shard-copy.ts';
import { isReady, type ListedShard, type Source } from './source.ts';
import { readTails } from './tail.ts';
import type { Positions, Target } from './target.ts';

export type CopyWorld = {
  readonly source: Source;
  readonly target: Target;
  readonly state: CopyState;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly follows: boolean;
  /** Hears of what is copied, too. */
  readonly progress: Progress;
};

/** How far a copy is, for whoever looks at it. */
export interface Progress {
  copied(shard: string, page: CopiedSoFar): void;
  /** How many shards there are, and how many of them are done. */
  shards(all: number, done: number): void;
  interrupted(reason: string): void;
}

/**
 * Copies a stream, parents before children, until all shards have ended or are at their tips, or the signal
 * is aborted. When it is not known what became of a put it looks at the target and goes on, as another run
 * would. Rejects with `KinesisRefusal`, with `StartError`, and with `InterruptedError` when that happens too
 * often.
 */
export async function copyStream(world: CopyWorld): Promise<void> {
  for (let nth = 0; ; nth++) {
    const before = JSON.stringify([...world.state.shards]);
    try {
      return await new Copy(world).run();
    } catch (error) {
      if (!(error instanceof InterruptedError)) throw error;
      if (JSON.stringify([...world.state.shards]) !== before) nth = 0;
      if (nth === interruptionsMax) throw error.cause;
      world.progress.interrupted(error.message);
      await world.target.end.pause(nth);
    }
  }
}

/** In a row, without a record copied between them. */
const interruptionsMax = 8;

/** One go at a copy. */
class Copy implements CopyListener {
  readonly #world: CopyWorld;
  readonly #positions: Record<string, string> = {};
  readonly #running = new Map<string, Promise<unknown>>();
  /** Shards that are at their tips, and are not looked at again. */
  readonly #left = new Set<string>();
  readonly #stop = new AbortController();
  #failure: unknown;
  #saved: Promise<void> = Promise.resolve();
  #savedAt: Millis;

  constructor(world: CopyWorld) {
    this.#world = world;
    this.#savedAt = world.clock.monotonic();
  }

  async run(): Promise<void> {
    const { source, target, state } = this.#world;
    await target.ensure(source);
    let shards = await source.shards();
    await this.#settle(shards);
    await state.save();
    try {
      while (this.#failure === undefined) {
        this.#startReady(shards);
        if (this.#running.size === 0) break;
        await Promise.race(this.#running.values());
        // A shard that ended may have children that were not there before.
        shards = await source.shards();
      }
    } finally {
      this.#stop.abort();
      await Promise.all(this.#running.values());
      for (const shard of this.#left) this.#note(shard, undefined);
      await this.#saved;
      await state.save();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** One shard after the other: what is found at the target is what was put before. */
  async #settle(shards: readonly ListedShard[]): Promise<void> {
    const { source, target, state } = this.#world;
    const tails = await readTails(target, state, shards);
    for (const { mark = {} } of state.shards.values()) this.#advance(mark);
    this.#advance(tails.positions);
    for (const shard of shards) {
      const tail = tails.of.get(shard.ShardId);
      if (tail === undefined) continue;
      await settleShard({ source, target, listener: this }, shard, state.shards.get(shard.ShardId)!, tail);
      this.#note(shard.ShardId, undefined);
    }
  }

  #startReady(shards: readonly ListedShard[]): void {
    const { state, signal, progress } = this.#world;
    const finished = state.finished();
    progress.shards(shards.length, shards.filter(({ ShardId }) => finished.has(ShardId)).length);
    if (signal.aborted) return;
    const listed = new Set(shards.map(({ ShardId }) => ShardId));
    for (const shard of shards) {
      const { ShardId } = shard;
      if (this.#running.size >= shardsAtOnce) return;
      if (finished.has(ShardId) || this.#left.has(ShardId) || this.#running.has(ShardId)) continue;
      if (isReady(shard, listed, finished)) this.#start(shard);
    }
  }

  #start(shard: ListedShard): void {
    const { state } = this.#world;
    const { ShardId } = shard;
    const known = state.shards.get(ShardId);
    if (known === undefined) state.shards.set(ShardId, { mark: { ...this.#positions } });
    const signal = AbortSignal.any([this.#world.signal, this.#stop.signal]);
    const work = copyShard({ ...this.#world, signal, listener: this }, shard, known);
    const ended = work.then(
      (isFinished) => {
        if (isFinished) state.shards.set(ShardId, { ...state.shards.get(ShardId), isFinished });
        else this.#left.add(ShardId);
      },
      (error: unknown) => {
        this.#failure ??= error;
      },
    );
    this.#running.set(
      ShardId,
      ended.then(() => this.#running.delete(ShardId)),
    );
  }

  copied(shard: string, page: CopiedSoFar): void {
    const { state, progress, clock } = this.#world;
    this.#advance(page.positions);
    this.#note(shard, page.sequence);
    progress.copied(shard, page);
    if (clock.monotonic() - this.#savedAt < saveMs) return;
    this.#savedAt = clock.monotonic();
    this.#saved = this.#saved.then(() => state.save());
    this.#saved.catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  #advance(positions: Positions): void {
    for (const [at, sequence] of Object.entries(positions)) {
      const before = this.#positions[at];
      if (before === undefined || BigInt(before) < BigInt(sequence)) this.#positions[at] = sequence;
    }
  }

  /** Nothing of a shard is on its way to the target now. */
  #note(shard: string, sequence: string | undefined): void {
    const { shards } = this.#world.state;
    const before = shards.get(shard);
    const mark = { ...before?.mark, ...this.#positions };
    shards.set(shard, { ...before, ...(sequence !== undefined && { sequence }), mark });
  }
}

/** So many shards are read and written at the same time. */
const shardsAtOnce = 32;

const saveMs: Millis = 500;
