import type { Millis } from '../env/clock.ts';
import { evenRanges, type HashKey, type HashKeyRange } from '../kinesis/hash-key.ts';
import type { Offset } from '../kinesis/record.ts';
import { findShard, openShards, type Shard, type Stream, type StreamChange } from '../kinesis/stream.ts';
import type { ClosedShard } from './edit.ts';

/** What a reshard does: which open shards close, and what opens in their place. */
export type Reshard = {
  /** Open shards that take no more records, by index. */
  readonly parents: readonly number[];
  /** In the order of their indices. Passing ones close again at once: they only carry the lineage. */
  readonly children: readonly Child[];
};

/** The changes that close shards and open others. */
export type ReshardChange = Extract<StreamChange, { kind: 'split' | 'merge' | 'scale' }>;

type Child = {
  readonly index: number;
  readonly parents: readonly number[];
  readonly range: HashKeyRange;
  readonly isPassing: boolean;
};

/** Plans a split, merge or scale of the stream as it is now. */
export function planReshard(stream: Stream, change: ReshardChange): Reshard {
  const plan = new Plan(stream);
  if (change.kind === 'split') plan.split(findShard(stream, change.shard)!, change.at);
  else if (change.kind === 'merge') plan.merge(...pairOf(stream, change.shards));
  else rescale(plan, change.target);
  return plan.reshard;
}

function pairOf(stream: Stream, [a, b]: readonly [number, number]): [Shard, Shard] {
  return [findShard(stream, a)!, findShard(stream, b)!];
}

/**
 * Cuts the open shards at the bounds of `target` even ranges, then merges the pieces of each range from left
 * to right. Every step is a split or a merge, so that every shard has at most two parents and a consumer can
 * walk the lineage; a shard that already is an even range stays as it is.
 */
function rescale(plan: Plan, target: number): void {
  const pieces = plan.open;
  let next = 0;
  let rest: Piece | undefined;
  for (const range of evenRanges(target)) {
    let grown: Piece | undefined;
    while (grown === undefined || grown.range.last < range.last) {
      let piece: Piece = rest ?? pieces[next++]!;
      rest = undefined;
      if (piece.range.last > range.last) [piece, rest] = plan.split(piece, range.last + 1n);
      grown = grown === undefined ? piece : plan.merge(grown, piece);
    }
  }
}

type Piece = { readonly index: number; readonly range: HashKeyRange };

class Plan {
  readonly open: Piece[];
  readonly #parents: number[] = [];
  /** Their indices follow one another. */
  readonly #children: Child[] = [];
  readonly #first: number;

  constructor(stream: Stream) {
    this.open = openShards(stream).sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
    this.#first = stream.nextShard;
  }

  get reshard(): Reshard {
    return { parents: this.#parents, children: this.#children };
  }

  split(piece: Piece, at: HashKey): [Piece, Piece] {
    this.#close(piece);
    const { first, last } = piece.range;
    return [
      this.#add([piece.index], { first, last: at - 1n }),
      this.#add([piece.index], { first: at, last }),
    ];
  }

  merge(left: Piece, right: Piece): Piece {
    this.#close(left);
    this.#close(right);
    return this.#add([left.index, right.index], { first: left.range.first, last: right.range.last });
  }

  #add(parents: number[], range: HashKeyRange): Piece {
    const child = { index: this.#first + this.#children.length, parents, range, isPassing: false };
    this.#children.push(child);
    return child;
  }

  #close(piece: Piece): void {
    const at = piece.index - this.#first;
    if (at < 0) this.#parents.push(piece.index);
    else this.#children[at] = { ...this.#children[at]!, isPassing: true };
  }
}

/**
 * The edit's content when all parents are sealed: `ends` are their final ends, `now` is not before any record
 * of theirs arrived. Parents close in the second of `now`, or in that in which they began if that is still to
 * come, and children begin one second later, as AWS's do; a passing shard begins and ends in that one.
 */
export function fulfil(
  stream: Stream,
  reshard: Reshard,
  ends: ReadonlyMap<number, Offset>,
  now: Millis,
): { closed: ClosedShard[]; opened: Shard[] } {
  let closedAt = Math.floor(now / 1000) * 1000;
  for (const index of reshard.parents) closedAt = Math.max(closedAt, findShard(stream, index)!.createdAt);
  const childrenAt = closedAt + 1000;
  const parents = reshard.parents.map((index) => ({
    index,
    closed: { at: closedAt, end: ends.get(index)!, childrenAt },
  }));
  const passing = reshard.children.filter((child) => child.isPassing);
  return {
    closed: [
      ...parents,
      ...passing.map(({ index }) => ({ index, closed: { at: childrenAt, end: 0, childrenAt } })),
    ],
    opened: reshard.children.map(({ index, parents, range }) => ({
      index,
      parents,
      range,
      createdAt: childrenAt,
    })),
  };
}
