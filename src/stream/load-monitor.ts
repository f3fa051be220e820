import type { Millis } from '../env/clock.ts';
import type { HashKey } from '../kinesis/hash-key.ts';
import { limits } from '../kinesis/limits.ts';
import type { ShardLoad, StreamLoad } from './load.ts';
import { SlidingMax } from './sliding-max.ts';

/** What the load of a stream asks for. */
export type Demand = {
  /** How many shards the highest load that is remembered needs. */
  readonly shards: number;
  /** Whether the stream has been watched for as long as peaks are remembered. */
  readonly isKnown: boolean;
  /** Shards, open or closed, that took too much in the last window, hottest first, and where each splits. */
  readonly splits: ReadonlyMap<number, HashKey>;
};

/** Watches the load of one on-demand stream. */
export class LoadMonitor {
  readonly #since: Millis;
  readonly #memory: Millis;
  readonly #peaks: SlidingMax;
  #splits: Demand['splits'] = new Map();

  /** `memory` is for how long peaks are remembered. */
  constructor(since: Millis, memory: Millis) {
    this.#since = since;
    this.#memory = memory;
    this.#peaks = new SlidingMax(memory);
  }

  /** Takes note of the load of a window of so many seconds. */
  endWindow(load: StreamLoad, seconds: number, now: Millis): void {
    const shards = [...load.values()];
    const sum = (of: 'bytes' | 'records') => shards.reduce((total, shard) => total + shard[of], 0) / seconds;
    this.note(shardsFor(sum('bytes'), sum('records')), now);
    this.#splits = hotShards(load, seconds);
  }

  /** Takes note that so many shards were needed. */
  note(shards: number, now: Millis): void {
    this.#peaks.note(shards, now);
  }

  demand(now: Millis): Demand {
    const isKnown = now - this.#since >= this.#memory;
    return { shards: this.#peaks.highest(now), isKnown, splits: this.#splits };
  }
}

/** Capacity is twice the peak (Kinesis developer guide, "Choose the right mode", on-demand; also below). */
function shardsFor(bytesPerSecond: number, recordsPerSecond: number): number {
  const { shardWriteBytesPerSecond, shardWriteRecordsPerSecond } = limits;
  return Math.ceil(
    2 * Math.max(bytesPerSecond / shardWriteBytesPerSecond, recordsPerSecond / shardWriteRecordsPerSecond),
  );
}

function hotShards(load: StreamLoad, seconds: number): Demand['splits'] {
  const hot = [...load]
    .map(([index, shard]) => ({ index, shard, heat: heatOf(shard) / seconds }))
    .filter(({ heat }) => heat > 1)
    .sort((a, b) => b.heat - a.heat);
  const splits = new Map<number, HashKey>();
  for (const { index, shard } of hot) {
    const at = shard.halvingKey();
    if (at !== undefined) splits.set(index, at);
  }
  return splits;
}

/** Above 1 in a second, a shard is hot. */
function heatOf({ bytes, records }: ShardLoad): number {
  return Math.max(bytes / hotBytesPerSecond, records / hotRecordsPerSecond);
}

const hotBytesPerSecond = 500_000;
const hotRecordsPerSecond = limits.shardWriteRecordsPerSecond / 2;
