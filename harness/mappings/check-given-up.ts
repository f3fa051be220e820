import type { Model } from '../model.ts';
import type { GivenUp, MappingModel } from './mapping-model.ts';

/** What is listed as given up is what was sent, and was given up for a reason. */
export function* checkGivenUp(model: Model, mapping: MappingModel): Generator<string> {
  for (const record of mapping.givenUp ?? []) {
    const { id, shard, condition } = record;
    const attempt = model.attempts.get(id);
    if (attempt === undefined) yield `phantom: ${mapping.functionName} gave '${id}' of ${shard} up`;
    else if (attempt.data !== record.data || attempt.partitionKey !== record.partitionKey)
      yield `altered: ${mapping.functionName} gave ${id} up as what was not sent`;
    if (condition === 'RetryAttemptsExhausted') yield* checkTries(mapping, record);
    // Servers whose clocks are set apart know other ages.
    else if (!model.hasManyClocks) yield* checkAge(model, mapping, record);
  }
}

/** It failed once more than it may be tried again, alone or with others: splits are no tries. */
function* checkTries({ functionName, asked, invocations }: MappingModel, { id }: GivenUp): Generator<string> {
  const fewest = Math.min(
    ...asked.map(({ MaximumRetryAttempts: retries }) =>
      retries === -1 ? Number.POSITIVE_INFINITY : retries,
    ),
  );
  if (fewest === Number.POSITIVE_INFINITY)
    return yield `given up: ${functionName} gave ${id} up, and may be tried without end`;
  const failed = invocations.filter(({ deliveries, answer }) => {
    const index = deliveries.findIndex((delivery) => delivery.id === id);
    return index !== -1 && index >= (answer?.done ?? 0);
  });
  if (failed.length <= fewest)
    yield `given up: ${functionName} gave ${id} up after ${failed.length} tries, of at least ${fewest + 1}`;
}

function* checkAge(model: Model, { functionName, asked }: MappingModel, record: GivenUp): Generator<string> {
  const ages = asked.map(({ MaximumRecordAgeInSeconds: age }) =>
    age === -1 ? Number.POSITIVE_INFINITY : age,
  );
  const latest = model.latestWall();
  if (latest - record.arrival < Math.min(...ages) * 1000)
    yield `given up: ${functionName} gave ${record.id} up for its age, ${latest - record.arrival} ms at most`;
}
