import { readFileSync } from 'node:fs';

/**
 * A flight as a record: its place in the data set, the airport that it left from, and the bytes that are
 * sent.
 */
export type Flight = { readonly id: number; readonly origin: string; readonly data: Buffer };

/**
 * Domestic flights in the USA in 2001, as the npm package vega-datasets has them; at most `count` of them.
 */
export function loadFlights(count = Number.POSITIVE_INFINITY): Flight[] {
  const file = new URL('../data/flights-20k.json', import.meta.resolve('vega-datasets'));
  const rows = JSON.parse(readFileSync(file, 'utf8')) as { origin: string }[];
  return rows.slice(0, count).map((row, id) => ({
    id,
    origin: row.origin,
    data: Buffer.from(JSON.stringify({ id, ...row })),
  }));
}
