import type { FamilyShard, Genealogy } from './genealogy.ts';
import { fractionOf, type HashRange, overlaps } from './hash-range.ts';

/** What is drawn of one shard, or of several that are too narrow to be drawn apart. */
export type MapCell = {
  /** In pixels. */
  readonly x: number;
  readonly width: number;
  /** Rows of the genealogy, `top..bottom`. */
  readonly top: number;
  readonly bottom: number;
  /** Places of its shards in the genealogy, by hash key. */
  readonly shards: readonly number[];
};

/** A cell narrower than this cannot be pointed at. */
const cellWidthMin = 5;
/** Older generations are in the table. */
const rowsMax = 12;

/** The first row that is drawn. */
export function firstRow({ rows }: Genealogy): number {
  return Math.max(0, rows - rowsMax);
}

/**
 * The cells of a drawing `width` pixels wide that shows the hash keys of `view`. Shards that are narrower
 * than a cell share one with those of the same rows beside them, so that there are never many more than
 * `width / cellWidthMin` in a row.
 */
export function mapCells(family: Genealogy, view: HashRange, width: number): MapCell[] {
  const from = firstRow(family);
  const cells: MapCell[] = [];
  const shared = new Map<string, FamilyShard[]>();
  for (const shard of family.shards) {
    if (shard.bottom <= from || !overlaps(shard, view)) continue;
    const [x, end] = extent(shard, view, width);
    if (end - x >= cellWidthMin) cells.push(cell(x, end, [shard], from));
    else {
      const key = `${Math.floor((x + end) / 2 / cellWidthMin)} ${shard.top} ${shard.bottom}`;
      const together = shared.get(key);
      if (together === undefined) shared.set(key, [shard]);
      else together.push(shard);
    }
  }
  for (const [key, shards] of shared) {
    const x = Number.parseInt(key, 10) * cellWidthMin;
    cells.push(cell(x, Math.min(x + cellWidthMin, width), shards, from));
  }
  return cells;
}

/** Where a shard begins and ends, in pixels, as far as it is in view. */
export function extent(shard: HashRange, view: HashRange, width: number): [number, number] {
  const first = shard.first < view.first ? view.first : shard.first;
  const last = shard.last > view.last ? view.last : shard.last;
  return [fractionOf(view, first) * width, fractionOf(view, last + 1n) * width];
}

function cell(x: number, end: number, shards: readonly FamilyShard[], from: number): MapCell {
  const [{ top, bottom }] = shards as readonly [FamilyShard];
  const places = [...shards].sort((a, b) => (a.first < b.first ? -1 : 1)).map(({ at }) => at);
  return { x, width: end - x, top: Math.max(top, from), bottom, shards: places };
}

/** The hash keys of all shards of a cell: what to zoom to. */
export function rangeOf({ shards: family }: Genealogy, { shards }: MapCell): HashRange {
  return shards.reduce<HashRange>(
    (range, at) => ({
      first: family[at]!.first < range.first ? family[at]!.first : range.first,
      last: family[at]!.last > range.last ? family[at]!.last : range.last,
    }),
    family[shards[0]!]!,
  );
}
