import type { Clock, Millis } from '../../../env/clock.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import type { KeptRecord } from '../failures/failure-store.ts';
import { keptBatch, keptEvent } from '../failures/kept-event.ts';
import { readAnswer } from '../poller/function-answer.ts';
import { functionOf } from '../poller/function-of-mapping.ts';
import { type FailureRecord, failureKeyOf, type MappingRecord } from '../state/lambda-state.ts';
import type { OpenedLambda } from '../world.ts';
import type { NumberedFailure } from './mapping-failures.ts';

/** What came of sending a failure again: `forgotten` where its records are not there any more. */
export type Redriven = {
  readonly number: number;
  readonly outcome: 'Succeeded' | 'Failed' | 'Forgotten';
  /** Why it did not succeed, in a line. */
  readonly error?: string | undefined;
};

/**
 * Invokes a mapping's function once more with the event that was given up, and marks it when it succeeds: a
 * function that did its work and was then not marked is invoked with it again by the next redrive. Nothing
 * is retried, bisected or sent to a destination. Rejects as `Journal.commit` and `FailureStore.read` do.
 */
export async function redrive(
  opened: OpenedLambda,
  clock: Pick<Clock, 'now'>,
  mapping: MappingRecord,
  { number, failure }: NumberedFailure,
): Promise<Redriven> {
  const kept = await keptOf(opened, failure);
  if (kept === undefined) return { number, outcome: 'Forgotten' };
  const error = await invokeAgain(opened, mapping, kept);
  if (error !== undefined) return { number, outcome: 'Failed', error };
  const key = failureKeyOf(mapping.uuid, number);
  await opened.journal.commit((state) => {
    const current = state.get('failure', key);
    if (current === undefined) return [];
    return [{ kind: 'said', of: 'failure', key, value: { ...current, redrivenAt: clock.now() } }];
  });
  return { number, outcome: 'Succeeded' };
}

/** Why it did not succeed; undefined when it did. */
async function invokeAgain(
  { journal, functions }: OpenedLambda,
  mapping: MappingRecord,
  kept: readonly KeptRecord[],
): Promise<string | undefined> {
  const mapped = functionOf(journal.state, mapping);
  if (mapped === undefined) return `There is no function ${mapping.functionArn}.`;
  const { target, role } = mapped;
  const batch = keptBatch(kept);
  const event = keptEvent(batch, { ...mapping, role });
  try {
    const { functionError, payload } = await functions.invoke(target, event, { patienceMs });
    if (functionError !== undefined) return lineOf(payload.toString('utf8', 0, errorBytesMax));
    const rules = { reportsItemFailures: mapping.reportsItemFailures, needsState: false };
    return readAnswer(payload, batch.records, batch.shard, rules).error;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return `${error.type}: ${error.message}`;
  }
}

/** For its turn, where the function's concurrency is used up. */
const patienceMs: Millis = 30_000;

/** Of a line for people. */
const errorBytesMax = 1024;

const lineOf = (text: string) => text.replaceAll(/\s+/g, ' ');

/** The records of a failure; undefined when they are forgotten. */
export async function keptOf(
  { failures }: Pick<OpenedLambda, 'failures'>,
  { data }: FailureRecord,
): Promise<readonly KeptRecord[] | undefined> {
  const kept = data === undefined ? undefined : await failures.read(data);
  return kept?.length === 0 ? undefined : kept;
}
