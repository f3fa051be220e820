import type { Clock, Millis } from '../../env/clock.ts';
import { hashKeyOf } from '../../kinesis/hash-key.ts';
import { bytesOf, type CopiedRecord } from './copied-record.ts';
import type { ShardState } from './copy-state.ts';
import type { From, ListedShard, Source } from './source.ts';
import type { Tail } from './tail.ts';
import type { PlacedRecord, Positions, Target } from './target.ts';

/** What a copy is told of while it goes on. */
export interface CopyListener {
  /** Records of a shard are at the target, from a sequence number on; the target is there by then. */
  copied(shard: string, page: CopiedSoFar): void;
}

export type CopiedSoFar = {
  readonly sequence: string | undefined;
  readonly positions: Positions;
  readonly records: number;
  readonly bytes: number;
  readonly behindMs: Millis;
};

export type ShardCopyWorld = {
  readonly source: Source;
  readonly target: Target;
  readonly clock: Clock;
  readonly listener: CopyListener;
  /** Ends the copy between two pages. */
  readonly signal: AbortSignal;
  readonly follows: boolean;
};

/**
 * Copies a shard from where it was noted. Resolves to true when the shard has come to its end, to false when
 * the copy was to end before: at its tip, or by the signal.
 */
export async function copyShard(
  world: ShardCopyWorld,
  shard: ListedShard,
  state: ShardState | undefined,
): Promise<boolean> {
  const { source, target, clock, listener, signal, follows } = world;
  for await (const { records, behindMs, isLast } of source.pages(shard.ShardId, fromOf(state))) {
    for (const part of partsOf(records)) {
      const positions = await target.put(part.map((record) => placed(record, shard)));
      listener.copied(shard.ShardId, soFar(part, positions, behindMs));
    }
    listener.copied(shard.ShardId, { ...nothing, behindMs });
    if (signal.aborted && !isLast) return false;
    if (records.length > 0 || isLast) continue;
    if (behindMs === 0 && !follows) return false;
    await clock.sleep(lookMs, signal);
  }
  return true;
}

const nothing = { sequence: undefined, positions: {}, records: 0, bytes: 0 };

/**
 * Finds out what became of the put that an earlier run did not hear of: of the shard's next records, all that
 * are at the target count as copied, and those between them are put. Nothing else may be put meanwhile.
 */
export async function settleShard(
  { source, target, listener }: Pick<ShardCopyWorld, 'source' | 'target' | 'listener'>,
  shard: ListedShard,
  state: ShardState,
  tail: Tail,
): Promise<void> {
  const next: CopiedRecord[] = [];
  for await (const { records, behindMs } of source.pages(shard.ShardId, fromOf(state))) {
    next.push(...records.slice(0, partRecords - next.length));
    if (next.length === partRecords || (records.length === 0 && behindMs === 0)) break;
  }
  const isThere = next.map((record) => tail.takes(record));
  const reached = next.slice(0, isThere.lastIndexOf(true) + 1);
  if (reached.length === 0) return;
  const missing = reached.filter((_, index) => !isThere[index]);
  const positions = await target.put(missing.map((record) => placed(record, shard)));
  listener.copied(shard.ShardId, soFar(reached, positions, 0));
}

/** A shard gives five pages a second (Kinesis developer guide, quotas). */
const lookMs: Millis = 250;

function fromOf(state: ShardState | undefined): From {
  return state?.sequence === undefined
    ? { ShardIteratorType: 'TRIM_HORIZON' }
    : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: state.sequence };
}

/** A page in parts: at most one of them is open when a copy is interrupted. */
function* partsOf(records: readonly CopiedRecord[]): Generator<readonly CopiedRecord[]> {
  for (let at = 0; at < records.length; at += partRecords) yield records.slice(at, at + partRecords);
}

const partRecords = 500;

function soFar(part: readonly CopiedRecord[], positions: Positions, behindMs: Millis): CopiedSoFar {
  const bytes = part.reduce((sum, record) => sum + bytesOf(record), 0);
  return { sequence: part.at(-1)!.SequenceNumber, positions, records: part.length, bytes, behindMs };
}

/**
 * A record keeps its partition key, and its shard: one that was put with an explicit hash key outside of the
 * shards that its key leads to gets the first hash key of the source's shard.
 */
function placed(record: CopiedRecord, { HashKeyRange }: ListedShard): PlacedRecord {
  const { StartingHashKey, EndingHashKey } = HashKeyRange;
  const hashKey = hashKeyOf(record.PartitionKey);
  const isAtHome = hashKey >= BigInt(StartingHashKey) && hashKey <= BigInt(EndingHashKey);
  return { record, hashKey: isAtHome ? undefined : StartingHashKey };
}
