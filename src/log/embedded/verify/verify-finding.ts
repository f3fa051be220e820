import type { Offset } from '../../../kinesis/record.ts';
import type { ShardState } from '../shard-state.ts';

/**
 * Something that is not as it should be. Damage needs an operator's attention. What is torn is what a crash
 * leaves: the next start cuts it off or writes it anew, and nothing that was acknowledged is in it as far as
 * can be told. A note is neither.
 */
export type Finding = {
  readonly kind: 'damage' | 'torn' | 'note';
  readonly path: string;
  readonly position: number;
  /** What is the matter, and what it means. */
  readonly message: string;
};

/** Records `first..end` of a shard cannot be read. */
export type Loss = { readonly shard: number; readonly first: Offset; readonly end: Offset };

/**
 * Finds the records that are missing, by comparing how far shards are said to have come with what was read of
 * them.
 */
export class Losses {
  readonly all: Loss[] = [];

  /** True when records between the two are missing. */
  note(shard: number, first: Offset, end: Offset): boolean {
    if (end <= first) return false;
    const last = this.all.findLastIndex((loss) => loss.shard === shard);
    if (this.all[last]?.end === first) this.all[last] = { ...this.all[last], end };
    else this.all.push({ shard, first, end });
    return true;
  }
}

export function isSameState(one: ShardState, other: ShardState): boolean {
  return one.next === other.next && one.sealed === other.sealed && one.lastArrival === other.lastArrival;
}
