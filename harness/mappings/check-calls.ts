import type { Attempt, Model } from '../model.ts';
import type { Delivery, Invocation, MappingModel } from './mapping-model.ts';
import { letsIn } from './mapping-settings.ts';

/** What each call of a function may be, whatever came before it. */
export function* checkCalls(model: Model, mapping: MappingModel): Generator<string> {
  for (const invocation of mapping.invocations) {
    yield* checkBounds(mapping, invocation);
    yield* checkDeliveries(model, mapping, invocation);
  }
  yield* checkAtOnce(mapping);
  yield* checkRests(mapping);
}

/** An event is of one shard, in its order, within what was asked for. */
function* checkBounds(
  { functionName, asked }: MappingModel,
  { deliveries, shard, bytes, window }: Invocation,
): Generator<string> {
  const most = Math.max(...asked.map(({ BatchSize }) => BatchSize));
  if (deliveries.length > most)
    yield `oversized: ${functionName} is called with ${deliveries.length} records, of at most ${most}`;
  if (bytes > eventBytesMax) yield `oversized: ${functionName} is called with ${bytes} bytes`;
  if (deliveries.length === 0 && window?.isFinal !== true)
    yield `empty: ${functionName} is called with no records`;
  for (const [index, { id, number, shard: own }] of deliveries.entries()) {
    if (own !== shard) yield `mixed: ${functionName} gets ${id} of ${own} among those of ${shard}`;
    const before = deliveries[index - 1];
    if (before !== undefined && before.number >= number)
      yield `unordered: ${functionName} gets ${id} behind ${before.id} in one event`;
  }
}

/** Lambda quotas, "Invocation payload", synchronous. */
const eventBytesMax = 6 * 1024 * 1024;

/** Each is a record that a client put there, and that the mapping lets in. */
function* checkDeliveries(
  model: Model,
  mapping: MappingModel,
  { deliveries }: Invocation,
): Generator<string> {
  for (const delivery of deliveries) {
    const { id, shard } = delivery;
    const attempt = model.attempts.get(id);
    if (attempt === undefined || attempt.stream.name !== mapping.stream.name)
      yield `phantom: ${mapping.functionName} gets '${id}', which no client put to ${mapping.stream.name}`;
    else yield* compare(mapping, attempt, delivery);
    if (!letsIn(mapping.first, delivery.data))
      yield `unfiltered: ${mapping.functionName} gets ${id} of ${shard}, which its filter does not let in`;
  }
}

function* compare(mapping: MappingModel, attempt: Attempt, delivery: Delivery): Generator<string> {
  const { id, outcome, stream } = attempt;
  const { functionName, start } = mapping;
  if (outcome.kind === 'refused') yield `aborted read: ${id} was refused, and ${functionName} gets it`;
  if (attempt.data !== delivery.data || attempt.partitionKey !== delivery.partitionKey)
    yield `altered: ${functionName} gets ${id} as what was not sent`;
  if (outcome.kind !== 'acknowledged') return;
  // Where all is older it begins at the end, and gets what comes then, also when the clock was set back.
  const wasThere = stream === mapping.stream && outcome.at < mapping.sent;
  if (start.kind === 'AT_TIMESTAMP' && wasThere && delivery.arrival < start.at)
    yield `early: ${functionName} begins at ${start.at}, and gets ${id}, which arrived at ${delivery.arrival}`;
  if (outcome.number !== delivery.number || outcome.shard !== delivery.shard)
    yield `moved: ${id} was acknowledged as ${outcome.shard} ${outcome.number}, and ${functionName} gets it as ${delivery.shard} ${delivery.number}`;
  if (start.kind === 'LATEST' && wasThere)
    yield `early: ${functionName} begins at LATEST, and gets ${id}, which was acknowledged before`;
}

/** At most one batch of a lane is under way, and none of another one with the same partition key. */
function* checkAtOnce({ functionName, asked, invocations }: MappingModel): Generator<string> {
  const lanesMax = Math.max(...asked.map(({ ParallelizationFactor }) => ParallelizationFactor));
  let underWay: Invocation[] = [];
  for (const invocation of invocations) {
    underWay = underWay.filter((other) => isUnderWay(other, invocation));
    const beside = underWay.filter(({ shard }) => shard === invocation.shard);
    if (beside.length >= lanesMax)
      yield `crowded: ${functionName} is called ${beside.length + 1} times at once for ${invocation.shard}, of at most ${lanesMax}`;
    const keys = new Set(invocation.deliveries.map(({ partitionKey }) => partitionKey));
    for (const { deliveries } of beside) {
      const shared = deliveries.find(({ partitionKey }) => keys.has(partitionKey));
      if (shared !== undefined)
        yield `overtaken: ${functionName} gets records of ${shared.partitionKey} while it has ${shared.id}`;
    }
    underWay.push(invocation);
  }
}

/** One without an answer is over when its process is, which nobody notes: it is no longer counted. */
function isUnderWay(one: Invocation, later: Invocation): boolean {
  return one.life === later.life && one.answer !== undefined && one.answer.sent > later.entered;
}

/** Nothing is called for a mapping that is certainly disabled or gone. */
function* checkRests({ functionName, rests, gone, created, invocations }: MappingModel): Generator<string> {
  for (const { entered } of invocations) {
    const isAtRest = rests.some(
      ({ from, until = Number.POSITIVE_INFINITY }) => from < entered && entered < until,
    );
    if (isAtRest) yield `restless: ${functionName} is called while its mapping is disabled`;
    if (created !== undefined && gone !== undefined && gone < entered)
      yield `restless: ${functionName} is called when its mapping is gone`;
  }
}
