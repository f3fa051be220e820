import { offsetOf, parseSequenceNumber } from '../../src/kinesis/sequence-number.ts';
import type { Model, Moment, ShardView, StreamModel } from '../model.ts';
import type { Coverage, Owed } from './coverage.ts';
import type { Invocation, MappingModel } from './mapping-model.ts';

/** That a mapping leaves nothing out, keeps the order, and goes back behind no checkpoint. */
export function* checkProgress(model: Model, mapping: MappingModel, coverage: Coverage): Generator<string> {
  for (const stream of coverage.streams()) {
    const owed = coverage.owedOf(stream);
    const entered = firstEntered(mapping, stream, owed);
    yield* checkOrder(mapping, coverage, owed, entered);
    yield* checkParents(mapping, coverage, stream, owed, entered);
    if (mapping.doomed === undefined) yield* checkSkipped(mapping, coverage, owed);
  }
  yield* checkCheckpoints(model, mapping);
  // Each server counts its own, and a shard may move from one to another and back.
  if (model.lagMs === 0) yield* checkRetries(mapping);
}

/** The first call with each record that is owed, by its id. */
function firstEntered(
  { invocations }: MappingModel,
  stream: StreamModel,
  owed: ReadonlyMap<string, readonly Owed[]>,
): Map<string, Invocation> {
  const ids = new Set([...owed.values()].flatMap((records) => records.map(({ id }) => id)));
  const first = new Map<string, Invocation>();
  for (const invocation of invocations) {
    for (const { id } of invocation.deliveries) if (ids.has(id) && !first.has(id)) first.set(id, invocation);
  }
  return stream.doomed === undefined ? first : new Map();
}

/** A record comes when the one before it with its partition key in its shard is done, or right behind it. */
function* checkOrder(
  { functionName }: MappingModel,
  coverage: Coverage,
  owed: ReadonlyMap<string, readonly Owed[]>,
  first: ReadonlyMap<string, Invocation>,
): Generator<string> {
  for (const records of owed.values()) {
    for (const ofKey of Map.groupBy(records, ({ partitionKey }) => partitionKey).values()) {
      for (const [index, { id }] of ofKey.entries()) {
        const before = ofKey[index - 1];
        const call = first.get(id);
        if (before === undefined || call === undefined) continue;
        if (call.deliveries.some((delivery) => delivery.id === before.id)) continue;
        if (!coverage.isSettled(before.id, call.entered))
          yield `overtaken: ${functionName} gets ${id} of ${call.shard} before ${before.id} is done`;
      }
    }
  }
}

/** A shard begins when all that is owed of its parents is done. */
function* checkParents(
  { functionName }: MappingModel,
  coverage: Coverage,
  { listings, last }: StreamModel,
  owed: ReadonlyMap<string, readonly Owed[]>,
  first: ReadonlyMap<string, Invocation>,
): Generator<string> {
  const shards = new Map<string, ShardView>();
  for (const listing of [...listings, ...(last === undefined ? [] : [last.listing])])
    for (const shard of listing.shards) shards.set(shard.id, shard);
  for (const { id, parents } of shards.values()) {
    const calls = (owed.get(id) ?? []).flatMap((record) => first.get(record.id) ?? []);
    const earliest = Math.min(...calls.map(({ entered }) => entered));
    for (const parent of parents) {
      const undone = (owed.get(parent) ?? []).find((record) => !coverage.isSettled(record.id, earliest));
      if (undone !== undefined && calls.length > 0)
        yield `child first: ${functionName} gets records of ${id} before ${undone.id} of ${parent} is done`;
    }
  }
}

function* checkSkipped(
  { functionName }: MappingModel,
  coverage: Coverage,
  owed: ReadonlyMap<string, readonly Owed[]>,
): Generator<string> {
  for (const { id, outcome } of [...owed.values()].flat()) {
    if (!coverage.isSettled(id))
      yield `skipped: ${functionName} has not done ${id} of ${outcome.shard}, nor was it given up`;
  }
}

/**
 * Below what a server called done nothing is run again, whatever happened to it since. One that does not know
 * yet that its lease is over may have begun a call before.
 */
function* checkCheckpoints(
  model: Model,
  { functionName, stream, checkpoints, invocations }: MappingModel,
): Generator<string> {
  // Another stream of the name has shards of the same names.
  const until = stream.doomed ?? Number.POSITIVE_INFINITY;
  const reached = new Map<string, number>();
  let next = 0;
  const isKnown = (answered: Moment | undefined, entered: Moment) =>
    answered !== undefined && answered < entered && model.isKnownToAll(answered, entered);
  for (const { entered, shard, deliveries } of invocations) {
    for (; isKnown(checkpoints[next]?.answered, entered); next++) {
      const { shard: of, done } = checkpoints[next]!;
      reached.set(of, Math.max(done, reached.get(of) ?? 0));
    }
    if (entered > until) return;
    const again = deliveries.find(({ number }) => offsetIn(number) < (reached.get(shard) ?? 0));
    if (again !== undefined)
      yield `repeated: ${functionName} gets ${again.id} of ${shard} again, which was checkpointed`;
  }
}

/** The position in its shard that a sequence number says. */
function offsetIn(number: bigint): number {
  return offsetOf(parseSequenceNumber(String(number))!);
}

/** No batch fails more often than was asked for, as long as the server lives and nothing is changed. */
function* checkRetries({ functionName, asked, changes, invocations }: MappingModel): Generator<string> {
  const retries = asked.map(({ MaximumRetryAttempts }) => MaximumRetryAttempts);
  if (retries.includes(-1)) return;
  const allowed = 1 + Math.max(...retries);
  const failed = new Map<string, number>();
  for (const invocation of invocations) {
    const { life, deliveries, answer, entered } = invocation;
    // The last call for a window is of no batch, and there is no end to it.
    if (deliveries.length === 0 || (answer !== undefined && answer.done > 0)) continue;
    const era = changes.filter((change) => change < entered).length;
    const batch = `${deliveries[0]?.id} to ${deliveries.at(-1)?.id}`;
    const key = `${life} ${era} ${batch}`;
    const times = (failed.get(key) ?? 0) + 1;
    failed.set(key, times);
    if (times > allowed)
      yield `endless: ${functionName} fails ${times} times at ${batch}, of at most ${allowed} times`;
  }
}
