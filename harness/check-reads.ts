import type { Expiry } from './expiry.ts';
import {
  idOf,
  type Model,
  type Moment,
  type Page,
  type Reader,
  type Sighting,
  type StreamModel,
} from './model.ts';

/** What a reader may rely on from one page to the next, and against the last word on its shard. */
export function* checkReads(model: Model, stream: StreamModel, expiry: Expiry): Generator<string> {
  const readers = [...stream.readers, ...(stream.last?.readers ?? [])];
  for (const [shard, chains] of Map.groupBy(readers, (reader) => reader.shard)) {
    const acknowledged = acknowledgedIn(model, stream, shard);
    const last = stream.last?.readers.find((reader) => reader.shard === shard);
    const truth = last === undefined ? undefined : truthOf(last);
    yield* checkStart(model, chains);
    for (const reader of chains) {
      yield* checkSteps(reader, model.hasManyClocks);
      yield* checkFreshness(model, reader, acknowledged, expiry);
      yield* checkExpired(reader, expiry);
      yield* checkEnd(reader);
      if (truth !== undefined) yield* checkAgainst(model, reader, truth, expiry);
    }
  }
}

/** A shard's records as the last reader saw them, and where each stands among them. */
type Truth = { readonly records: readonly Sighting[]; readonly indices: ReadonlyMap<bigint, number> };

function truthOf({ pages }: Reader): Truth {
  const records = pages.flatMap((page) => page.records);
  return { records, indices: new Map(records.map(({ number }, index) => [number, index])) };
}

/** `arrival` is the earliest that it can have been. */
type Acknowledged = {
  readonly id: string;
  readonly number: bigint;
  readonly at: Moment;
  readonly arrival: number;
};

function acknowledgedIn(model: Model, stream: StreamModel, shard: string): Acknowledged[] {
  const found: Acknowledged[] = [];
  for (const { id, stream: home, sent, outcome } of model.attempts.values()) {
    if (home !== stream || outcome.kind !== 'acknowledged' || outcome.shard !== shard) continue;
    const { number, at } = outcome;
    found.push({ id, number, at, arrival: model.earliestWall(sent, at) });
  }
  return found;
}

/** What was forgotten stays so: a shard's start only moves forward, as long as the clock does. */
function* checkStart(model: Model, chains: readonly Reader[]): Generator<string> {
  const looks = chains
    .filter(({ after, pages }) => after === 0n && pages[0]?.records[0] !== undefined)
    .map(({ shard, pages: [page] }) => ({ ...page!, shard, first: page!.records[0]! }));
  for (const later of looks) {
    const earlier = looks.find(
      ({ sent, answered, first }) =>
        answered < later.sent && first.number > later.first.number && model.isSteady(sent, later.answered),
    );
    if (earlier === undefined) continue;
    yield `came back: ${later.shard} began with ${idOf(earlier.first)} once, and later with ${idOf(later.first)}`;
  }
}

/** Sequence numbers rise, and arrival times never fall where one clock gives them. */
function* checkSteps(reader: Reader, hasManyClocks: boolean): Generator<string> {
  let before: Sighting | undefined;
  for (const record of reader.pages.flatMap((page) => page.records)) {
    if (reader.after !== undefined && record.number <= reader.after) {
      yield `went back: a reader of ${reader.shard} asked for what follows ${reader.after} and got ${idOf(record)}`;
    }
    if (before !== undefined && record.number <= before.number) {
      yield `not monotonic: ${idOf(record)} follows ${idOf(before)} in ${reader.shard} with no higher number`;
    }
    if (!hasManyClocks && before !== undefined && record.arrival < before.arrival) {
      yield `time went back: ${idOf(record)} follows ${idOf(before)} in ${reader.shard} and arrived earlier`;
    }
    before = record;
  }
}

/** A reader that is told it is at the tip has all that was acknowledged before it asked. */
function* checkFreshness(
  model: Model,
  reader: Reader,
  acknowledged: readonly Acknowledged[],
  expiry: Expiry,
): Generator<string> {
  const seen = new Set<bigint>();
  let position = reader.after;
  for (const page of reader.pages) {
    for (const { number } of page.records) {
      seen.add(number);
      position ??= number;
    }
    if (position === undefined || (!page.isAtTip && !page.isEnd)) continue;
    for (const { id, number, at, arrival } of acknowledged) {
      if (!(page.isEnd ? at <= page.sent : model.isAtTip(at, page.sent))) continue;
      if (number <= position || seen.has(number)) continue;
      if (expiry.mayBeGone(arrival, page.answered)) continue;
      const claim = page.isEnd ? 'the end' : 'the tip';
      yield `stale: ${id} was acknowledged, and a later reader reached ${claim} of ${reader.shard} without it`;
      return;
    }
  }
}

/** A record past its retention is not shown, whether its space was given back or not. */
function* checkExpired({ shard, pages }: Reader, expiry: Expiry): Generator<string> {
  for (const { sent, answered, records } of pages) {
    for (const record of records) {
      if (expiry.mustBeGone(record.arrival, sent, answered))
        yield `expired: ${idOf(record)} was read from ${shard} when its retention was over`;
    }
  }
}

/** The end of a shard comes alone: there are clients that drop the records beside it. */
function* checkEnd({ shard, pages }: Reader): Generator<string> {
  for (const { isEnd, records } of pages)
    if (isEnd && records.length > 0) yield `not alone: the end of ${shard} came with ${idOf(records[0]!)}`;
}

/** What a reader saw is still there, and it was shown everything in between. */
function* checkAgainst(
  model: Model,
  reader: Reader,
  { records, indices }: Truth,
  expiry: Expiry,
): Generator<string> {
  const { after, shard, pages } = reader;
  let next = after === undefined ? undefined : indexAfter(records, after);
  const missed = (from: number, end: number | undefined, { answered }: Page) =>
    records
      .slice(from, end)
      .filter(({ arrival }) => !expiry.mayBeGone(arrival, answered))
      .map((record) => `skipped: a reader of ${shard} was not shown ${idOf(record)}`);
  for (const page of pages) {
    for (const record of page.records) {
      const index = indices.get(record.number);
      if (index === undefined) {
        if (!expiry.mayBeGone(record.arrival, model.now))
          yield `vanished: ${idOf(record)} was read from ${shard} and is gone`;
        continue;
      }
      yield* missed(next ?? index, index, page);
      next = index + 1;
    }
  }
  const last = pages.find(({ isEnd }) => isEnd);
  if (next !== undefined && last !== undefined) yield* missed(next, undefined, last);
}

function indexAfter(records: readonly Sighting[], after: bigint): number {
  const index = records.findIndex(({ number }) => number > after);
  return index === -1 ? records.length : index;
}
