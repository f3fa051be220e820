import { evenRanges, type HashRange } from './hash-range.ts';

/** What UpdateShardCount does to open shards: some close, others open, those that are even already stay. */
export type ScaleEffect = { readonly closes: number; readonly opens: number; readonly stays: number };

export function scaleEffect(open: readonly HashRange[], target: number): ScaleEffect {
  const even = new Set(evenRanges(target).map(({ first, last }) => `${first}-${last}`));
  const stays = open.filter(({ first, last }) => even.has(`${first}-${last}`)).length;
  return { closes: open.length - stays, opens: target - stays, stays };
}
