import type { Variation } from '../simulation.ts';
import type { Fate } from '../world.ts';

/**
 * Where a bug shows: `7` is a seed's world; `7/185/EIO` its brief one, in which a call of the disk meets its
 * fate; `kafka/7` is the seed's world of brokers and gateways.
 */
export type Place = string;

/** The seed of a world of brokers and gateways; undefined for one of a single machine. */
export function clusterSeedOf(place: Place): number | undefined {
  const [engine, seed] = place.split('/');
  return engine === 'kafka' ? Number(seed) : undefined;
}

export function placeOf(place: Place): { seed: number; variation: Variation } {
  const [seed, call, fate] = place.split('/');
  if (call === undefined) return { seed: Number(seed), variation: {} };
  return {
    seed: Number(seed),
    variation: { isBrief: true, strike: { call: Number(call), fate: fate as Fate } },
  };
}

/**
 * Places of a known one's kind, to be looked at one after the other when a change of the program has moved
 * what showed there.
 */
export function* placesFrom(place: Place, seeds: number): Generator<Place> {
  const [seed, call, fate] = place.split('/');
  if (seed === 'kafka') for (let next = 1; next <= seeds; next++) yield `kafka/${next}`;
  else if (call === undefined) for (let next = 1; next <= seeds; next++) yield String(next);
  else yield* strikesFrom(Number(seed), Number(call), fate!);
}

/** The calls from the known one on first: most often it has moved by a few. */
function* strikesFrom(seed: number, from: number, fate: string): Generator<Place> {
  for (let call = from; call < callsMax; call++) yield `${seed}/${call}/${fate}`;
  for (let next = seed; next < seed + briefSeedsMax; next++)
    for (let call = 0; call < callsMax; call++) yield `${next}/${call}/${fate}`;
}

/** A brief world has fewer calls than that, or not many more. */
const callsMax = 400;
const briefSeedsMax = 5;
