import { bufferOf } from '../../../env/buffer-of.ts';
import { isObject } from './json-value.ts';
import { leafOf } from './leaf.ts';
import { branchesOf, objectPattern } from './object-pattern.ts';
import { parseExactly } from './parse-exactly.ts';
import { FilterError, patternCharactersMax, patternsMax, type RecordFilter } from './record-filter.ts';

/**
 * A filter of patterns in EventBridge's grammar (EventBridge user guide, "Comparison operators for use in
 * event patterns"), of which a mapping of Kinesis knows the key `data` alone (Lambda developer guide, "Using
 * event filtering with a Kinesis event source"). A pattern of fields is for data that are an object or an
 * array in JSON; a list of values is for all other data, as text. Data of the other form are not let in.
 * Throws `FilterError`.
 */
export function compileFilter(patterns: readonly string[]): RecordFilter {
  if (patterns.length > patternsMax) throw new FilterError(`There are more than ${patternsMax} patterns.`);
  if (patterns.length === 0) return () => true;
  const parsed = patterns.map(parsePattern);
  const compiled = parsed.map(({ value }) => patternOf(value));
  const isExact = parsed.some(({ hasLongNumbers }) => hasLongNumbers);
  return (data) => {
    const read = readData(data, isExact);
    return compiled.some((lets) => lets(read));
  };
}

/** A record's data: what they say in JSON, or their text where they are no object and no array in it. */
type RecordData = { readonly json: unknown } | { readonly text: string };

type Pattern = (data: RecordData) => boolean;

function parsePattern(text: string): ReturnType<typeof parseExactly> {
  if (text.length > patternCharactersMax) {
    throw new FilterError(`A pattern has more than ${patternCharactersMax} characters.`);
  }
  try {
    return parseExactly(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new FilterError(`A pattern is not JSON: ${error.message}`);
  }
}

function patternOf(tree: unknown): Pattern {
  if (!isObject(tree)) throw new FilterError('A pattern must be an object.');
  const parts = Object.entries(tree).map(([key, child]) => {
    if (key === 'data') return dataPattern(child);
    if (key === '$or') return either(branchesOf(child).map(patternOf));
    throw new FilterError(`Records of Kinesis are filtered by "data" alone, not by "${key}".`);
  });
  if (parts.length === 0) throw new FilterError('Empty objects are not allowed.');
  return (data) => parts.every((part) => part(data));
}

function either(branches: readonly Pattern[]): Pattern {
  return (data) => branches.some((branch) => branch(data));
}

function dataPattern(child: unknown): Pattern {
  if (Array.isArray(child)) {
    const { matches } = leafOf(child);
    return (data) => 'text' in data && matches(data.text);
  }
  if (!isObject(child)) throw new FilterError('"data" must be an object or an array.');
  const matches = objectPattern(child);
  return (data) => 'json' in data && matches(data.json);
}

function readData(data: Uint8Array, isExact: boolean): RecordData {
  const text = bufferOf(data).toString('utf8');
  if (!beginsAsJson.test(text)) return { text };
  try {
    return { json: isExact ? parseExactly(text).value : JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return { text };
    // Too deep to be read exactly: nothing that a pattern can name is that deep.
    if (error instanceof RangeError) return { json: JSON.parse(text) };
    throw error;
  }
}

/** An object or an array, after what JSON takes for blanks (RFC 8259 §2). */
const beginsAsJson = /^[ \t\r\n]*[{[]/;
