import type { Model, Reader, Sighting, StreamModel } from './model.ts';
import { idOf } from './model.ts';

/** What a reader may rely on from one page to the next, and against the last word on its shard. */
export function* checkReads(model: Model, stream: StreamModel): Generator<string> {
  const readers = [...stream.readers, ...(stream.last?.readers ?? [])];
  for (const reader of readers) {
    yield* checkSteps(reader);
    yield* checkFreshness(model, reader);
  }
  if (stream.last === undefined) return;
  for (const last of stream.last.readers) {
    const truth = last.pages.flatMap((page) => page.records);
    for (const reader of stream.readers)
      if (reader.shard === last.shard) yield* checkAgainst(model, reader, truth);
  }
}

/** Sequence numbers rise and arrival times never fall. */
function* checkSteps(reader: Reader): Generator<string> {
  let before: Sighting | undefined;
  for (const record of reader.pages.flatMap((page) => page.records)) {
    if (reader.after !== undefined && record.number <= reader.after) {
      yield `went back: a reader of ${reader.shard} asked for what follows ${reader.after} and got ${idOf(record)}`;
    }
    if (before !== undefined && record.number <= before.number) {
      yield `not monotonic: ${idOf(record)} follows ${idOf(before)} in ${reader.shard} with no higher number`;
    }
    if (before !== undefined && record.arrival < before.arrival) {
      yield `time went back: ${idOf(record)} follows ${idOf(before)} in ${reader.shard} and arrived earlier`;
    }
    before = record;
  }
}

/** A reader that is told it is at the tip has all that was acknowledged before it asked. */
function* checkFreshness(model: Model, reader: Reader): Generator<string> {
  const acknowledged = [...model.attempts.values()].filter(
    ({ stream, outcome }) =>
      stream === reader.stream && outcome.kind === 'acknowledged' && outcome.shard === reader.shard,
  );
  const seen = new Set<bigint>();
  let position = reader.after;
  for (const page of reader.pages) {
    for (const { number } of page.records) {
      seen.add(number);
      position ??= number;
    }
    if (position === undefined || (!page.isAtTip && !page.isEnd)) continue;
    for (const { id, sent, outcome } of acknowledged) {
      if (outcome.kind !== 'acknowledged' || outcome.at > page.sent || sent < model.forgotten) continue;
      if (outcome.number <= position || seen.has(outcome.number)) continue;
      const claim = page.isEnd ? 'the end' : 'the tip';
      yield `stale: ${id} was acknowledged, and a later reader reached ${claim} of ${reader.shard} without it`;
      return;
    }
  }
}

/** What a reader saw is still there, and it was shown everything in between. */
function* checkAgainst(model: Model, reader: Reader, truth: readonly Sighting[]): Generator<string> {
  const kept = new Set(truth.map(({ number }) => number));
  const seen = reader.pages.flatMap((page) => page.records);
  for (const record of seen) {
    const sent = model.attempts.get(idOf(record))?.sent ?? 0;
    if (!kept.has(record.number) && sent >= model.forgotten) {
      yield `vanished: ${idOf(record)} was read from ${reader.shard} and is gone`;
    }
  }
  const first = reader.after ?? seen[0]?.number;
  const last = reader.pages.some((page) => page.isEnd) ? truth.at(-1)?.number : seen.at(-1)?.number;
  if (first === undefined || last === undefined) return;
  const numbers = new Set(seen.map(({ number }) => number));
  for (const record of truth) {
    if (record.number <= first || record.number > last) continue;
    if (!numbers.has(record.number))
      yield `skipped: a reader of ${reader.shard} was not shown ${idOf(record)}`;
  }
}
