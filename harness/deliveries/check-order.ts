import type { Model, StreamModel } from '../model.ts';
import { type Acknowledged, acknowledgedIn } from './check-deliveries.ts';
import type { DeliveredRecord } from './delivered-records.ts';
import type { DeliveryModel } from './delivery-model.ts';

/**
 * A delivery reads each shard from front to back, and a child after its parents: so do its objects come, each
 * of which is stored before the next one. Within an object only the order of each shard counts.
 */
export function* checkOrder(
  model: Model,
  delivery: DeliveryModel,
  records: readonly DeliveredRecord[],
): Generator<string> {
  if (delivery.kind !== 'stream') return;
  for (const stream of model.streams.filter(({ name }) => name === delivery.stream!.name))
    yield* checkOrderOf(model, delivery, stream, records);
}

function* checkOrderOf(
  model: Model,
  { name }: DeliveryModel,
  stream: StreamModel,
  records: readonly DeliveredRecord[],
): Generator<string> {
  const known = new Map(acknowledgedIn(model, stream).map((attempt) => [attempt.id, attempt]));
  const ends = new Map<string, bigint>();
  const lastObject = new Map<string, number>();
  const delivered = records.flatMap(({ id = '', object }) => {
    const attempt = known.get(id);
    return attempt === undefined ? [] : [{ attempt, first: object.first }];
  });
  for (const { attempt, first } of delivered) lastObject.set(attempt.outcome.shard, first);
  const parentsOf = lineageOf(stream);
  for (const { attempt, first } of delivered) {
    yield* checkShard(name, attempt, ends);
    for (const parent of parentsOf.get(attempt.outcome.shard) ?? [])
      if ((lastObject.get(parent) ?? -1) > first)
        yield `reordered: ${name} has ${attempt.id} of ${attempt.outcome.shard} before the end of ${parent}`;
  }
}

function* checkShard(
  name: string,
  { id, outcome: { shard, number } }: Acknowledged,
  ends: Map<string, bigint>,
): Generator<string> {
  const before = ends.get(shard);
  if (before !== undefined && before > number) yield `reordered: ${name} has ${id} of ${shard} too late`;
  else ends.set(shard, number);
}

function lineageOf({ listings }: StreamModel): Map<string, readonly string[]> {
  return new Map(listings.flatMap(({ shards }) => shards.map(({ id, parents }) => [id, parents] as const)));
}
