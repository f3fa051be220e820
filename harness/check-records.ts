import type { Expiry } from './expiry.ts';
import {
  type Attempt,
  idOf,
  type Model,
  type Outcome,
  type Page,
  type Reader,
  type Sighting,
  type StreamModel,
} from './model.ts';

type Acknowledged = Attempt & { readonly outcome: Extract<Outcome, { kind: 'acknowledged' }> };

/** What each record may and must be, wherever it was seen. */
export function* checkRecords(model: Model, expiries: ReadonlyMap<StreamModel, Expiry>): Generator<string> {
  const places = new Map<string, string>();
  for (const { reader, sighting } of sightings(model)) {
    const id = idOf(sighting);
    const attempt = model.attempts.get(id);
    if (attempt === undefined || attempt.stream.name !== reader.stream.name) {
      yield `phantom: ${reader.shard} of ${reader.stream.name} holds '${id}', which no client sent there`;
      continue;
    }
    const place = `${model.streams.indexOf(reader.stream)} ${reader.shard} ${sighting.number}`;
    const known = places.get(id) ?? place;
    places.set(id, known);
    if (known !== place) yield `duplicated: ${id} is at ${known} and at ${place}`;
    yield* compare(attempt, reader, sighting);
  }
  yield* checkNumbers(model);
  yield* checkOrder(model);
  yield* checkLost(model, expiries);
}

function* sightings(model: Model): Generator<{ reader: Reader; sighting: Sighting }> {
  for (const stream of model.streams) {
    for (const reader of [...stream.readers, ...(stream.last?.readers ?? [])]) {
      for (const page of reader.pages) for (const sighting of page.records) yield { reader, sighting };
    }
  }
}

function* compare(attempt: Attempt, reader: Reader, sighting: Sighting): Generator<string> {
  const { id, outcome } = attempt;
  if (outcome.kind === 'refused') yield `aborted read: ${id} was refused and is read from ${reader.shard}`;
  if (attempt.data !== sighting.data || attempt.partitionKey !== sighting.partitionKey) {
    yield `altered: ${id} is not what was sent`;
  }
  if (outcome.kind !== 'acknowledged') return;
  if (outcome.shard !== reader.shard || outcome.number !== sighting.number) {
    yield `moved: ${id} was acknowledged as ${outcome.shard} ${outcome.number} and read as ${reader.shard} ${sighting.number}`;
  }
}

/** A sequence number stands for one record for good. */
function* checkNumbers(model: Model): Generator<string> {
  const holders = new Map<string, string>();
  for (const { reader, sighting } of sightings(model)) {
    const place = `${model.streams.indexOf(reader.stream)} ${reader.shard} ${sighting.number}`;
    const holder = holders.get(place) ?? idOf(sighting);
    holders.set(place, holder);
    if (holder !== idOf(sighting)) yield `inconsistent: ${place} was ${holder} and was ${idOf(sighting)}`;
  }
}

/** A record that was sent after another was acknowledged has a higher number in the same shard, for good. */
function* checkOrder(model: Model): Generator<string> {
  for (const attempts of Map.groupBy(acknowledged(model), (attempt) => placeOf(attempt)).values()) {
    const answered = attempts.toSorted((one, other) => one.outcome.at - other.outcome.at);
    let next = 0;
    let highest: Acknowledged | undefined;
    for (const attempt of attempts.toSorted((one, other) => one.sent - other.sent)) {
      for (; answered[next] !== undefined && answered[next]!.outcome.at < attempt.sent; next++) {
        if (highest === undefined || answered[next]!.outcome.number > highest.outcome.number)
          highest = answered[next];
      }
      if (highest !== undefined && attempt.outcome.number <= highest.outcome.number) {
        yield `reordered: ${attempt.id} was sent after ${highest.id} was acknowledged, and got a lower number in ${attempt.outcome.shard}`;
      }
    }
  }
}

/** What was acknowledged is there at the end, unless its stream was deleted or its time was over. */
function* checkLost(model: Model, expiries: ReadonlyMap<StreamModel, Expiry>): Generator<string> {
  for (const attempt of acknowledged(model)) {
    const { stream, sent, outcome } = attempt;
    if (stream.last === undefined) continue;
    if (expiries.get(stream)!.mayBeGone(model.earliestWall(sent, outcome.at), model.now)) continue;
    const reader = stream.last.readers.find(({ shard }) => shard === outcome.shard);
    if (!reader?.pages.some((page) => holds(page, outcome.number))) {
      yield `lost: ${attempt.id} was acknowledged as ${outcome.shard} ${outcome.number} and is not there`;
    }
  }
}

function holds(page: Page, number: bigint): boolean {
  return page.records.some((record) => record.number === number);
}

/** Of the streams that no client tried to delete: elsewhere the name may have meant another stream. */
function acknowledged(model: Model): Acknowledged[] {
  return [...model.attempts.values()].filter(
    (attempt): attempt is Acknowledged =>
      attempt.outcome.kind === 'acknowledged' &&
      (attempt.stream.doomed === undefined || attempt.outcome.at < attempt.stream.doomed),
  );
}

function placeOf({ stream, outcome }: Acknowledged): string {
  return `${stream.name} ${stream.created} ${outcome.shard}`;
}
