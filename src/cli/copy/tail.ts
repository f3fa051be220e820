import type { Millis } from '../../env/clock.ts';
import { type CopiedRecord, likenessOf } from './copied-record.ts';
import type { CopyState } from './copy-state.ts';
import { type From, type ListedShard, Source } from './source.ts';
import type { Positions, Target } from './target.ts';

/** What the target has of a shard's records behind the last one that was noted: they are not put again. */
export class Tail {
  readonly #counts = new Map<string, number>();

  add(record: CopiedRecord): void {
    const likeness = likenessOf(record);
    this.#counts.set(likeness, (this.#counts.get(likeness) ?? 0) + 1);
  }

  /** Whether the target has a record like this; if so, one less from now on. */
  takes(record: CopiedRecord): boolean {
    if (this.#counts.size === 0) return false;
    const likeness = likenessOf(record);
    const count = this.#counts.get(likeness) ?? 0;
    if (count > 1) this.#counts.set(likeness, count - 1);
    else this.#counts.delete(likeness);
    return count > 0;
  }
}

/**
 * What an interrupted copy has put behind what was noted, by shard of the source; and where the target is.
 */
export type Tails = {
  readonly of: ReadonlyMap<string, Tail>;
  readonly positions: Positions;
};

/** Reads the target behind what was noted. A shard that was not begun has nothing there. */
export async function readTails(
  target: Target,
  state: CopyState,
  shards: readonly ListedShard[],
): Promise<Tails> {
  const begun = shards.flatMap(({ ShardId }) => {
    const noted = state.shards.get(ShardId);
    return noted === undefined || noted.isFinished === true ? [] : { ShardId, mark: noted.mark ?? {} };
  });
  const of = new Map(begun.map(({ ShardId }) => [ShardId, new Tail()] as const));
  const positions: Record<string, string> = {};
  if (!state.isBegun) return { of, positions };
  const reader = new Source(target.end, target.name);
  for (const { ShardId: at } of await reader.shards()) {
    const from = earliest(
      [...state.shards.values()].map(({ mark }) => mark?.[at]),
      state.began,
    );
    for await (const { records, behindMs } of reader.pages(at, from)) {
      for (const record of records) {
        positions[at] = record.SequenceNumber;
        for (const { ShardId, mark } of begun) if (isBehind(record, mark[at])) of.get(ShardId)!.add(record);
      }
      if (records.length === 0 && behindMs === 0) break;
    }
  }
  return { of, positions };
}

/** What came before the copy began is none of it; clocks of the two may differ. */
function earliest(marks: readonly (string | undefined)[], began: Millis): From {
  const known = marks.filter((mark) => mark !== undefined);
  if (known.length < marks.length || known.length === 0)
    return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: (began - clocksDifferMs) / 1000 };
  const first = known.reduce((least, mark) => (BigInt(mark) < BigInt(least) ? mark : least));
  return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: first };
}

const clocksDifferMs: Millis = 300_000;

function isBehind({ SequenceNumber }: CopiedRecord, noted: string | undefined): boolean {
  return noted === undefined || BigInt(SequenceNumber) > BigInt(noted);
}
