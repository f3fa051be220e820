import { Expiry } from '../expiry.ts';
import type { Attempt, Model, Outcome, StreamModel } from '../model.ts';
import { checkOrder } from './check-order.ts';
import { type DeliveredRecord, recordsIn, recordsOf } from './delivered-records.ts';
import type { DeliveriesModel, DeliveryModel, DeliveryPut, StoredObject } from './delivery-model.ts';

/** A record of a stream that a client was told to be there. */
export type Acknowledged = Attempt & { readonly outcome: Extract<Outcome, { kind: 'acknowledged' }> };

/**
 * Every promise about deliveries that was broken, as a sentence each; none when all is well. `objects` are
 * all that there are in the end.
 */
export function* checkDeliveries(
  world: DeliveriesModel,
  objects: readonly StoredObject[],
): Generator<string> {
  for (const object of objects) yield* checkObject(world, object);
  for (const delivery of world.deliveries) {
    const records = recordsOf(delivery, objects);
    yield* checkPlaces(world, delivery, records);
    if (!mayHaveLost(world.model, delivery)) {
      yield* checkOnce(records);
      yield* checkOrder(world.model, delivery, records);
    }
    for (const id of missingOf(world.model, delivery, records))
      yield `lost: ${id} was acknowledged, and is in no object of ${delivery.name}`;
  }
}

/** The ids of what is owed and in no object yet. */
export function missingIn({ model, deliveries }: DeliveriesModel, objects: readonly StoredObject[]) {
  return deliveries.flatMap((delivery) => missingOf(model, delivery, recordsOf(delivery, objects)));
}

function* checkObject({ deliveries }: DeliveriesModel, object: StoredObject): Generator<string> {
  const { key } = object;
  if (!deliveries.some(({ name }) => key.startsWith(`${name}/`))) yield `foreign: ${key} is nobody's`;
  else if (recordsIn(object).length === 0) yield `empty: ${key} has no records`;
}

/** Whether what is there was put, unchanged, and is where it belongs. */
function* checkPlaces(
  { model }: DeliveriesModel,
  delivery: DeliveryModel,
  records: readonly DeliveredRecord[],
): Generator<string> {
  const puts = new Map(delivery.puts.map((put) => [put.id, put]));
  for (const { id, text, isRefused, object } of records) {
    const put = id === undefined ? undefined : (puts.get(id) ?? attemptOf(model, delivery, id));
    if (put === undefined) yield `foreign: ${object.key} has ${text.slice(0, 40)}`;
    else if (text !== put.data) yield `altered: ${id} in ${object.key} is not what was put`;
    else if (isRefusal(put.outcome)) yield `phantom: ${id} in ${object.key} was refused`;
    else if (isRefused !== isToRefuse(delivery, put)) yield `misplaced: ${id} is in ${object.key}`;
  }
}

/** Of the stream, or of one that was made anew under its name. */
function attemptOf(model: Model, { kind, stream }: DeliveryModel, id: string): Attempt | undefined {
  const attempt = model.attempts.get(id);
  return kind === 'stream' && attempt?.stream.name === stream!.name ? attempt : undefined;
}

function isRefusal(outcome: Outcome | DeliveryPut['outcome']): boolean {
  return outcome === 'refused' || (typeof outcome === 'object' && outcome.kind === 'refused');
}

function isToRefuse({ isPartitioned }: DeliveryModel, { data }: { readonly data: string }): boolean {
  return isPartitioned && !data.startsWith('{');
}

function* checkOnce(records: readonly DeliveredRecord[]): Generator<string> {
  const seen = new Map<string, StoredObject>();
  for (const { id = '', object } of records) {
    const before = seen.get(id);
    if (before !== undefined) yield `twice: ${id} is in ${before.key} and in ${object.key}`;
    seen.set(id, object);
  }
}

function missingOf(model: Model, delivery: DeliveryModel, records: readonly DeliveredRecord[]): string[] {
  if (!delivery.isUsable || delivery.stream?.doomed !== undefined) return [];
  const there = new Set(records.map(({ id }) => id));
  const owed = delivery.kind === 'stream' ? owedOf(model, delivery, there) : owedPuts(model, delivery);
  return owed.map(({ id }) => id).filter((id) => !there.has(id));
}

/** Those of a channel that were put once it was ACTIVE. */
function owedPuts(model: Model, delivery: DeliveryModel): DeliveryPut[] {
  const { puts, active } = delivery;
  return puts.filter(
    (put) => put.outcome === 'acknowledged' && put.sent > active! && !mayHaveExpired(model, delivery, put),
  );
}

/**
 * What certainly arrived after the delivery stream was made, and all that follows in a shard on what was
 * delivered of it.
 */
function owedOf(model: Model, delivery: DeliveryModel, there: ReadonlySet<string | undefined>): Attempt[] {
  const expiry = new Expiry(model, delivery.stream!);
  const all = acknowledgedIn(model, delivery.stream!);
  const firsts = new Map<string, bigint>();
  for (const { id, outcome } of all)
    if (there.has(id) && (firsts.get(outcome.shard) ?? outcome.number) >= outcome.number)
      firsts.set(outcome.shard, outcome.number);
  const begun = model.latestWall(delivery.sent, delivery.active!);
  return all.filter(({ sent, outcome }) => {
    const arrival = model.earliestWall(sent, outcome.at);
    if (expiry.mayBeGone(arrival - slackMs, model.now)) return false;
    const first = firsts.get(outcome.shard);
    if (first !== undefined && outcome.number >= first) return true;
    // When something arrived, the clock of a broker says.
    return !model.hasManyClocks && arrival > begun;
  });
}

export function acknowledgedIn(model: Model, stream: StreamModel): Acknowledged[] {
  return [...model.attempts.values()].filter(
    (attempt): attempt is Acknowledged =>
      attempt.stream === stream && attempt.outcome.kind === 'acknowledged',
  );
}

/**
 * Whether anything may have left its stream before it was delivered: where a chunk is made again without some
 * of its records, what is elsewhere of it stays there.
 */
function mayHaveLost(model: Model, delivery: DeliveryModel): boolean {
  if (delivery.kind !== 'stream')
    return delivery.puts.some((put) => put.at !== undefined && mayHaveExpired(model, delivery, put));
  return model.streams
    .filter(({ name }) => name === delivery.stream!.name)
    .some((stream) => {
      const expiry = new Expiry(model, stream);
      return acknowledgedIn(model, stream).some(({ sent, outcome }) =>
        expiry.mayBeGone(model.earliestWall(sent, outcome.at) - slackMs, model.now),
      );
    });
}

function mayHaveExpired(model: Model, { kind }: DeliveryModel, { sent, at }: DeliveryPut): boolean {
  const hours = kind === 'put' ? hiddenHours : initialHours;
  return model.earliestWall(sent, at!) <= model.latestWall() - hours * 3_600_000 + slackMs;
}

/** How long a delivery stream keeps what was put to it, and a stream that nobody changed what it has. */
const hiddenHours = 168;
const initialHours = 24;

/** So much clocks of gateways and brokers may differ. */
const slackMs = 180_000;
