import { parametersOf, type QueryParameter } from '../../http/headers.ts';
import { depthMax, malformed, valuesMax } from '../reader.ts';

/** A form, split at the dots of its names: `Tag.member.1.Key=a` is the text `a` under Tag, member, 1, Key. */
export type FormNode = {
  /** One character per byte; undefined for a node with parts only. */
  text: string | undefined;
  readonly parts: Map<string, FormNode>;
};

/**
 * Gathers the parameters of a form, one character per byte, from a body or from the query of a GET. The last
 * of repeated names counts. Too deep nesting and too many values are a SerializationException.
 */
export function formOf(parameters: readonly QueryParameter[]): FormNode {
  const root = nodeOf();
  if (parameters.length > valuesMax) throw malformed();
  for (const [name, value] of parameters) {
    const segments = name.split('.', segmentsMax + 1);
    if (segments.length > segmentsMax) throw malformed();
    segments.reduce(partOf, root).text = value;
  }
  return root;
}

/** The parameters in a form's body, where `+` is a space. */
export function formParameters(body: Buffer): QueryParameter[] {
  return parametersOf(body.toString('latin1').replaceAll('+', ' '), valuesMax + 1);
}

function partOf({ parts }: FormNode, name: string): FormNode {
  const found = parts.get(name);
  if (found !== undefined) return found;
  const part = nodeOf();
  parts.set(name, part);
  return part;
}

/** Lists and maps take three segments each: a name, `member` or `entry`, and a number. */
const segmentsMax = 3 * depthMax;

function nodeOf(): FormNode {
  return { text: undefined, parts: new Map() };
}
