import type { Flight } from './flights.ts';
import type { Acknowledged } from './producer.ts';
import type { ReadRecord } from './reading.ts';

/** What was sent, and what its sender was told. */
export type Sent = {
  readonly flights: readonly Flight[];
  /** In the order of the answers. */
  readonly acknowledged: readonly Acknowledged[];
  /** By id, in how many requests without an answer a flight was. */
  readonly unanswered: ReadonlyMap<number, number>;
};

export type Proof = {
  /** What is wrong, one sentence each; nothing when all promises were kept. */
  readonly broken: readonly string[];
  /** The number of acknowledged records that arrived, by shard. */
  readonly arrived: ReadonlyMap<string, number>;
  /** Records that were stored although their sender got no answer. */
  readonly unansweredButStored: number;
};

/**
 * Compares what was read with what was promised. An acknowledged record must be where the answer said, byte
 * for byte. Anything else that is read must be the copy of a flight from a request that got no answer.
 */
export function prove({ flights, acknowledged, unanswered }: Sent, read: readonly ReadRecord[]): Proof {
  const broken: string[] = [...outOfOrder('was read', read), ...outOfOrder('was acknowledged', acknowledged)];
  const promises = new Map(acknowledged.map((promise) => [placeOf(promise), promise.id]));
  const arrived = new Map<string, number>();
  const spare = new Map(unanswered);
  let unansweredButStored = 0;

  const acknowledgedIds = new Set(promises.values());
  for (const { id } of flights)
    if (!acknowledgedIds.has(id)) broken.push(`Flight ${id} was never acknowledged.`);

  for (const record of read) {
    const place = placeOf(record);
    const promised = promises.get(place);
    const id = promised ?? idIn(record.data);
    if (id === undefined || flights[id]?.data.equals(record.data) !== true) {
      broken.push(`The record at ${place} is not what was sent.`);
    } else if (promised !== undefined) {
      promises.delete(place);
      arrived.set(record.shard, (arrived.get(record.shard) ?? 0) + 1);
    } else {
      const copies = spare.get(id) ?? 0;
      if (copies === 0) broken.push(`Flight ${id} is at ${place} too, and no retry can have put it there.`);
      spare.set(id, copies - 1);
      unansweredButStored++;
    }
  }
  for (const [place, id] of promises)
    broken.push(`Flight ${id} was acknowledged at ${place} and is not there.`);
  return { broken, arrived, unansweredButStored };
}

type Place = { readonly shard: string; readonly sequenceNumber: string };

function placeOf({ shard, sequenceNumber }: Place): string {
  return `${shard}/${sequenceNumber}`;
}

/** In each shard every sequence number must be above the one before: none twice, none out of order. */
function outOfOrder(what: string, places: readonly Place[]): string[] {
  const last = new Map<string, bigint>();
  return places.flatMap((place) => {
    const number = BigInt(place.sequenceNumber);
    const before = last.get(place.shard) ?? -1n;
    last.set(place.shard, number);
    return number > before ? [] : [`${placeOf(place)} ${what} after ${before}.`];
  });
}

function idIn(data: Buffer): number | undefined {
  try {
    return (JSON.parse(data.toString()) as { id: number }).id;
  } catch {
    return undefined; // Not JSON: not one of ours.
  }
}
