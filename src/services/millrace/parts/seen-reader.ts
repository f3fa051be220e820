import type { Millis } from '../../../env/clock.ts';
import type { ReaderSight } from '../sights.ts';

/** A reader of a stream, as it was found. */
export type SeenReader = {
  readonly kind: ReaderSight['Kind'];
  readonly name: string;
  /** ARN or UUID, where it has one. */
  readonly id?: string | undefined;
  readonly state: string;
  /** Why it is in that state, in one line. */
  readonly reason?: string | undefined;
  /** How old the oldest record is that it has not read; undefined where that is not known. */
  readonly lagMs?: Millis | undefined;
  readonly records?: number | undefined;
  readonly bytes?: number | undefined;
  readonly failures?: number | undefined;
  /** Where it takes records to. */
  readonly to?: string | undefined;
  readonly shards: readonly SeenShard[];
};

/** Where a reader stands in a shard. */
export type SeenShard = {
  readonly shardId: string;
  readonly lagMs?: Millis | undefined;
  readonly owner?: string | undefined;
  readonly checkpoint?: string | undefined;
  readonly recordsBehind?: number | undefined;
};

/** The lag of a reader: that of the shard in which it is furthest behind; undefined where none is known. */
export function worstLag(shards: readonly SeenShard[]): Millis | undefined {
  let worst: Millis | undefined;
  for (const { lagMs } of shards) {
    if (lagMs !== undefined && (worst === undefined || lagMs > worst)) worst = lagMs;
  }
  return worst;
}

/** The one that is furthest behind; undefined where it is not known of any. */
export function furthestBehind(readers: readonly SeenReader[]): SeenReader | undefined {
  let furthest: SeenReader | undefined;
  for (const reader of readers) {
    if (reader.lagMs === undefined) continue;
    if (furthest?.lagMs === undefined || reader.lagMs > furthest.lagMs) furthest = reader;
  }
  return furthest;
}

/** How long until records are lost unread that wait for so long; 0 once some were. */
export function timeToLoss(retentionHours: number, lagMs: Millis): Millis {
  return Math.max(0, retentionHours * 3_600_000 - lagMs);
}
