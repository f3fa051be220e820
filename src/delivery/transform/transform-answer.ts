import type { DeliveredRecord } from '../record/delivered-record.ts';
import { recordIdOf } from './transform-event.ts';

/** What became of a record in a function. */
export type Transformed =
  | { readonly kind: 'kept'; readonly record: DeliveredRecord }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/**
 * Reads a function's answer (Data Firehose developer guide, "Required parameters for data transformation"):
 * what became of each record, in their order. Undefined when it is no answer of this kind.
 */
export function readTransformAnswer(
  payload: Buffer,
  records: readonly DeliveredRecord[],
): readonly Transformed[] | undefined {
  const answers = answersIn(payload);
  if (answers === undefined) return undefined;
  const byId = Map.groupBy(answers, ({ recordId }) => recordId);
  return records.map((record) => {
    const [answer, ...others] = byId.get(recordIdOf(record)) ?? [];
    if (answer === undefined) return { kind: 'refused', ...missingId };
    return others.length > 0 ? { kind: 'refused', ...duplicatedId } : transformed(record, answer);
  });
}

type Answer = {
  readonly recordId: string;
  readonly result?: unknown;
  readonly data?: unknown;
  readonly metadata?: unknown;
};

function answersIn(payload: Buffer): readonly Answer[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const records = memberOf(parsed, 'records');
  if (!Array.isArray(records)) return undefined;
  const isAnswer = (each: unknown): each is Answer => typeof memberOf(each, 'recordId') === 'string';
  return records.every(isAnswer) ? records : undefined;
}

function transformed(record: DeliveredRecord, { result, data, metadata }: Answer): Transformed {
  if (result === 'Dropped') return { kind: 'dropped' };
  if (result === 'ProcessingFailed') return { kind: 'refused', ...processingFailed };
  if (result !== 'Ok' || typeof data !== 'string') return { kind: 'refused', ...invalidFormat };
  if (!isBase64(data)) return { kind: 'refused', ...functionError };
  const partitionKeys = textsIn(memberOf(metadata, 'partitionKeys'));
  const bytes = Buffer.from(data, 'base64');
  const original = record.original ?? record.data;
  const table = tableIn(memberOf(metadata, 'otfMetadata')) ?? record.table;
  return { kind: 'kept', record: { ...record, data: bytes, original, partitionKeys, table } };
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** Values that are no texts are written as JSON has them. */
function textsIn(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const texts = Object.entries(value).map(([name, each]): [string, string] => [
    name,
    typeof each === 'string' ? each : JSON.stringify(each),
  ]);
  return Object.fromEntries(texts);
}

function tableIn(value: unknown): DeliveredRecord['table'] {
  const table = memberOf(value, 'destinationTableName');
  const namespace = memberOf(value, 'destinationDatabaseName');
  const operation = memberOf(value, 'operation') ?? 'insert';
  if (typeof table !== 'string' || typeof namespace !== 'string') return undefined;
  return { namespace, table, operation: typeof operation === 'string' ? operation : 'unknown' };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Codes and texts as in error records that Firehose has written. */
export const functionError = {
  code: 'Lambda.FunctionError',
  message: 'The Lambda function was successfully invoked but it returned an error result.',
};
const missingId = {
  code: 'Lambda.MissingRecordId',
  message:
    'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.',
};
const duplicatedId = {
  code: 'Lambda.DuplicatedRecordId',
  message:
    'Multiple records were returned with the same record Id. Ensure that the Lambda function returns a unique ' +
    'record Id for each record.',
};
const processingFailed = {
  code: 'Lambda.ProcessingFailedStatus',
  message: 'ProcessingFailed status set for record',
};
const invalidFormat = {
  code: 'Lambda.InvalidReturnFormat',
  message:
    'Check your function and make sure the output is in required format. In addition to that, make sure the ' +
    'processed records contain valid result status of Dropped, Ok, or ProcessingFailed',
};
export const unreadable = {
  code: 'Lambda.JsonProcessingException',
  message:
    'There was an error parsing returned records from the Lambda function. Ensure that the returned records ' +
    'follow the status model that is required by Amazon Data Firehose.',
};
