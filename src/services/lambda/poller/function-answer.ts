import type { Numbering } from '../../../kinesis/sequence-number.ts';
import { sequenceNumberOf } from '../../../kinesis/sequence-number.ts';
import type { PolledRecord } from './polled-record.ts';

/** What a function says that it did with records, all of which before `firstFailed` are done. */
export type FunctionAnswer = {
  /** The number of records when none failed. */
  readonly firstFailed: number;
  /** The state that it hands on, as JSON; undefined without a window. */
  readonly state?: string | undefined;
  /** Why not all is done. */
  readonly error?: string | undefined;
};

/** What is looked at in an answer. */
export type AnswerRules = { readonly reportsItemFailures: boolean; readonly needsState: boolean };

/**
 * Reads what a function answered without an error. Where item failures are reported, the lowest of them
 * counts; an answer that names none is a success, one that names what is no record of these is a failure of
 * all (Lambda developer guide, "Configuring partial batch response"). In a window an answer without a state
 * is a failure, too.
 */
export function readAnswer(
  payload: Buffer,
  records: readonly PolledRecord[],
  shard: Numbering,
  rules: AnswerRules,
): FunctionAnswer {
  const all = records.length;
  if (!rules.reportsItemFailures && !rules.needsState) return { firstFailed: all };
  const members = membersOf(payload);
  const failed = rules.reportsItemFailures ? firstFailedIn(members, records, shard) : all;
  if (failed === undefined) {
    return { firstFailed: 0, error: 'The answer names batch item failures that are not in the batch.' };
  }
  const error = failed < all ? 'The answer names batch item failures.' : undefined;
  if (!rules.needsState) return { firstFailed: failed, error };
  const { state } = members;
  if (state === undefined || state === null)
    return { firstFailed: 0, error: 'The answer has no state for the window.' };
  return { firstFailed: failed, state: JSON.stringify(state), error };
}

type Members = Readonly<Record<string, unknown>>;

/** Those of an object; none of anything else. */
function membersOf(payload: Buffer): Members {
  try {
    const value: unknown = JSON.parse(payload.toString());
    return isObject(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The place of the lowest; undefined for what cannot be understood. */
function firstFailedIn(
  { batchItemFailures: items }: Members,
  records: readonly PolledRecord[],
  shard: Numbering,
): number | undefined {
  if (items === undefined || items === null) return records.length;
  if (!Array.isArray(items)) return undefined;
  const failed = new Set<string>();
  for (const item of items) {
    const identifier: unknown = isObject(item) ? item['itemIdentifier'] : undefined;
    if (typeof identifier !== 'string' || identifier === '') return undefined;
    failed.add(identifier);
  }
  if (failed.size === 0) return records.length;
  let lowest: number | undefined;
  for (const [index, { offset, arrival }] of records.entries()) {
    if (failed.delete(sequenceNumberOf(shard, offset, arrival))) lowest ??= index;
    if (failed.size === 0) return lowest;
  }
  return undefined;
}
