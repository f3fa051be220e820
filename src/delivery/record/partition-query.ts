import { isUtf8 } from 'node:buffer';
import { compileJq } from '../jq/compile-jq.ts';
import { JqError } from '../jq/jq-error.ts';
import { type JqValue, textOf } from '../jq/jq-value.ts';
import { parsed } from './check-validity.ts';
import { eachRecord, type Refusal } from './each-record.ts';
import type { Stage } from './record-stages.ts';

/**
 * Puts a record's partition keys to it, which a program of jq answers as one object
 * (`MetadataExtractionQuery`). Texts are keys as they are, numbers and booleans as JSON writes them; null and
 * the empty text are none.
 */
export function openPartitionQuery(query: string): Stage {
  const program = compileJq(query);
  return eachRecord((record) => {
    const document = isUtf8(record.data) ? (parsed(record.data) as JqValue | undefined) : undefined;
    if (document === undefined) return failed('Non JSON record provided');
    try {
      const [answer] = program(document);
      const queryKeys = answer === undefined ? undefined : keysOf(answer);
      return queryKeys === undefined ? noKeys : { ...record, queryKeys };
    } catch (error) {
      if (error instanceof JqError) return failed(error.message);
      // A document may be nested deeper than a query can follow.
      if (error instanceof RangeError) return failed('Exceeds depth limit for parsing');
      throw error;
    }
  });
}

function keysOf(answer: JqValue): Readonly<Record<string, string>> | undefined {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined;
  const keys: [string, string][] = [];
  for (const [name, value] of Object.entries(answer)) {
    if (value === null || value === '' || typeof value === 'object') return undefined;
    keys.push([name, textOf(value)]);
  }
  return Object.fromEntries(keys);
}

function failed(message: string): Refusal {
  return {
    kind: 'metadata-extraction-failed',
    code: 'DynamicPartitioning.MetadataExtractionFailed',
    message,
  };
}

/** As Firehose says it. */
export const noKeys = failed('partitionKeys values must not be null or empty');
