import type { Attempt, CountsLook, Model, StreamModel } from '../model.ts';

/**
 * What was counted between two looks is what was acknowledged between them; what has no answer may be counted
 * or not.
 */
export function* checkCounts(model: Model, stream: StreamModel): Generator<string> {
  if (stream.looks.length === 0) return;
  const attempts = [...model.attempts.values()].filter((attempt) => attempt.stream === stream);
  for (const looks of Map.groupBy(stream.looks, ({ since }) => since).values()) {
    for (const [index, later] of looks.entries()) {
      if (index === 0) continue;
      yield* checkBetween(attempts, stream, looks[index - 1]!, later);
      if (index > 1) yield* checkBetween(attempts, stream, looks[0]!, later);
    }
  }
}

function* checkBetween(
  attempts: readonly Attempt[],
  { name }: StreamModel,
  earlier: CountsLook,
  later: CountsLook,
): Generator<string> {
  const must = attempts.filter(
    ({ sent, outcome }) =>
      outcome.kind === 'acknowledged' && sent > earlier.answered && outcome.at < later.asOf,
  );
  const may = attempts.filter(
    ({ sent, outcome }) =>
      sent < later.answered &&
      (outcome.kind === 'unknown' || (outcome.kind === 'acknowledged' && outcome.at > earlier.asOf)),
  );
  const records = later.records - earlier.records;
  if (records < must.length || records > may.length)
    yield `miscounted: ${records} records of ${name} are counted, of ${must.length} to ${may.length} that were acknowledged`;
  const bytes = later.bytes - earlier.bytes;
  if (bytes < bytesOf(must) || bytes > bytesOf(may))
    yield `miscounted: ${bytes} bytes of ${name} are counted, of ${bytesOf(must)} to ${bytesOf(may)} that were acknowledged`;
}

function bytesOf(attempts: readonly Attempt[]): number {
  return attempts.reduce((sum, { partitionKey, data }) => sum + partitionKey.length + data.length, 0);
}
