import type { Millis } from '../../../env/clock.ts';

/** How a mapping does, as far as this process runs it; a page of it is `millrace mapping list`. */
export interface MappingSight {
  /** By mapping, those of the shards that are run here. */
  shardsOf(uuid: string): readonly ShardSight[];
  /** AWS's `LastProcessingResult` of a mapping that cannot run at all: `PROBLEM: …`; else undefined. */
  problemOf(uuid: string): string | undefined;
}

/**
 * By mapping, of some mappings, those of the shards that other processes run; those of a process that does
 * not answer at once are left out. Never rejects.
 */
export type SightsElsewhere = (
  uuids: readonly string[],
) => Promise<ReadonlyMap<string, readonly ShardSight[]>>;

/** Where two tell of one shard, which is moving, the one that has come further is believed. */
export function withElsewhere(here: readonly ShardSight[], elsewhere: readonly ShardSight[]): ShardSight[] {
  const shards = new Map<string, ShardSight>();
  for (const shard of [...here, ...elsewhere]) {
    const known = shards.get(shard.shardId);
    if (known === undefined || known.doneRecords < shard.doneRecords) shards.set(shard.shardId, shard);
  }
  return [...shards.values()].sort((one, other) => (one.shardId < other.shardId ? -1 : 1));
}

export type ShardSight = {
  readonly shardId: string;
  /** How old the oldest record is that is not done; 0 at the tip. */
  readonly lag: Millis;
  /** Records that are not done, about. */
  readonly behindRecords: number;
  /** So many records, from the shard's first on, are done, which is durable: they are never run again. */
  readonly doneRecords: number;
  /** Retention minus lag: how long until records are lost undone; undefined at the tip. */
  readonly timeToLoss: Millis | undefined;
  readonly lastResult: string;
  readonly recordsPerSecond: number;
};
