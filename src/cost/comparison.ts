import type { Bill, BillItem, BillLine, Cost } from './cost-of.ts';

/** Why a mode is the cheapest one: what the next one would bill more than all that this one does for it. */
export type Comparison = {
  readonly cheapest: Bill;
  readonly next: Bill;
  readonly usdMore: number;
  /** The line of the next one's bill that makes the most of it. */
  readonly dearest: BillLine;
  /** What the cheapest one bills most; undefined where it bills nothing. */
  readonly own: BillLine | undefined;
};

export function comparisonOf({ bills }: Pick<Cost, 'bills'>): Comparison {
  const [cheapest, next] = bills as readonly [Bill, Bill, ...Bill[]];
  const excess = (line: BillLine) => line.usd - usdOf(cheapest, line.item);
  const [dearest] = [...next.lines].sort((left, right) => excess(right) - excess(left));
  return {
    ...{ cheapest, next, usdMore: next.usdPerMonth - cheapest.usdPerMonth },
    ...{ dearest: dearest!, own: cheapest.lines[0] },
  };
}

function usdOf({ lines }: Bill, item: BillItem): number {
  return lines.find((line) => line.item === item)?.usd ?? 0;
}
