/**
 * Flights that are made up, for whoever has no data at hand: one JSON object each, as vega-datasets has them.
 */
export function* sampleFlights(count: number, seed: number): Generator<string> {
  const next = randomNumbers(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!;
  const start = Date.UTC(2026, 0, 1, 6);
  for (let index = 0; index < count; index++) {
    const origin = pick(airports);
    const destination = pick(airports.filter((airport) => airport !== origin));
    // Most are on time, few are very late.
    const delay = Math.round(-10 + 12 * -Math.log(1 - next()) + (next() < 0.04 ? 90 * next() : 0));
    const date = new Date(start + index * 60_000).toISOString().slice(0, 16).replace('T', ' ');
    const distance = 100 + Math.floor(next() * 2500);
    yield JSON.stringify({ date, delay, distance, origin, destination });
  }
}

const airports = ['AAL', 'ABE', 'ATL', 'BOS', 'DEN', 'DFW', 'JFK', 'LAX', 'MIA', 'ORD', 'SEA', 'SFO'];

/** Numbers from 0 to 1, the same for a seed: mulberry32 (Tommy Ettinger, public domain). */
function randomNumbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
