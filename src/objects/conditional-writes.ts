import { type ObjectStore, ObjectStoreError } from '../env/object-store.ts';
import type { Random } from '../env/random.ts';

/**
 * Has several put the same new object at once, each where none is, as only one of them may. Stores that
 * ignored the condition, or looked at it before others had stored, let several win (SeaweedFS did until March
 * 2026, issue 8800): with such a store two writers of a table would both believe that they had committed.
 * Rejects with code `ConditionsBroken` then, and with whatever the store refuses. What was put is removed.
 */
export async function requireConditionalWrites(
  { store, random }: { readonly store: ObjectStore; readonly random: Random },
  bucket: string,
  prefix: string,
  signal?: AbortSignal,
): Promise<void> {
  const place = { bucket, key: `${prefix}millrace-probe-${random.bytes(16).toString('hex')}` };
  const attempts = Array.from({ length: racers }, (_, nth) => attempt(store, place, nth, signal));
  const outcomes = await Promise.allSettled(attempts);
  try {
    const winners: number[] = [];
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      if (outcome.value !== undefined) winners.push(outcome.value);
    }
    const [winner, ...others] = winners;
    if (winner === undefined || others.length > 0) throw broken(bucket, winners.length);
    const found = await store.get(place, undefined, signal);
    if (found === undefined || String(found.body) !== `${winner}`) throw broken(bucket, racers);
    if ((await attempt(store, place, racers, signal)) !== undefined) throw broken(bucket, 2);
  } finally {
    // One that stays is in nobody's way: no two probes have the same name.
    await store.delete(place, signal).catch(() => {});
  }
}

/** The number of who put it; undefined where another was there. */
async function attempt(
  store: ObjectStore,
  place: { readonly bucket: string; readonly key: string },
  nth: number,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  try {
    await store.put(place, [Buffer.from(`${nth}`)], { ifNone: true }, signal);
    return nth;
  } catch (error) {
    if (!(error instanceof ObjectStoreError) || error.code !== 'PreconditionFailed') throw error;
    return undefined;
  }
}

function broken(bucket: string, winners: number): ObjectStoreError {
  const message =
    `the store of bucket ${bucket} does not keep conditional writes: of ${racers} that put an object where ` +
    `none is, ${winners} were told that they did; of two writers both would believe to have committed`;
  return new ObjectStoreError(message, 'ConditionsBroken', false);
}

const racers = 8;
