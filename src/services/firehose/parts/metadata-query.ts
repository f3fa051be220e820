import { compileJq } from '../../../delivery/jq/compile-jq.ts';
import { JqError } from '../../../delivery/jq/jq-error.ts';
import { parseJq } from '../../../delivery/jq/jq-parser.ts';
import type { JqNode } from '../../../delivery/jq/jq-syntax.ts';
import { invalidArgument } from '../errors.ts';

/**
 * The keys that a `MetadataExtractionQuery` has values of, `{customer: .customer_id}`; undefined where only
 * its answer will tell. InvalidArgumentException for what is no program of jq, or one that is not run here.
 */
export function keysOfQuery(query: string): readonly string[] | undefined {
  try {
    compileJq(query);
    const program = parseJq(query);
    return program.kind === 'object' ? keysIn(program) : undefined;
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    throw invalidArgument(`MetaDataExtraction JQ Query is invalid: ${error.message}`);
  }
}

function keysIn({ entries }: Extract<JqNode, { kind: 'object' }>): readonly string[] | undefined {
  const keys: string[] = [];
  for (const [key] of entries) {
    if (key.kind !== 'literal' || typeof key.value !== 'string') return undefined;
    keys.push(key.value);
  }
  return keys;
}
