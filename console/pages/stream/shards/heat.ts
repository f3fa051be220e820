import type { ShardLimits } from '../stream-limits.ts';

/** What the colour of a shard says. */
export type HeatBy = 'share' | 'limit';

/** How hot a shard is: 0 where nothing comes, 5 where most does. */
export type Heat = 0 | 1 | 2 | 3 | 4 | 5;

/** What a shard got and gave lately, by second. */
export type ShardLoad = {
  readonly recordsIn: number;
  readonly bytesIn: number;
  readonly recordsThrottled: number;
};

/**
 * How much more than its fair share of the stream's records a shard gets: 1 when all open shards get as much.
 * A single shard is never hot by this.
 */
export function timesFair(records: number, allRecords: number, openShards: number): number {
  return allRecords === 0 ? 0 : (records / allRecords) * openShards;
}

/** The upper ends of the heats by share: up to half the fair share, the fair share and a half, twice it, … */
const shareSteps = [0.5, 1.5, 2, 4] as const;

export function heatOfShare(times: number): Heat {
  if (times === 0) return 0;
  return (1 + shareSteps.filter((step) => times > step).length) as Heat;
}

/**
 * How much of what a shard takes in a second comes, in records or in bytes, whichever is nearer to its limit.
 */
export function limitUse(
  { recordsIn, bytesIn }: Pick<ShardLoad, 'recordsIn' | 'bytesIn'>,
  { records, bytes }: ShardLimits,
): number {
  return Math.max(recordsIn / records, bytesIn / bytes);
}

/** The upper ends of the heats by limit. */
const limitSteps = [0.25, 0.5, 0.75, 0.9] as const;

export function heatOfLimit(load: ShardLoad, limits: ShardLimits): Heat {
  const use = limitUse(load, limits);
  if (load.recordsThrottled > 0) return 5;
  return use === 0 ? 0 : ((1 + limitSteps.filter((step) => use > step).length) as Heat);
}
