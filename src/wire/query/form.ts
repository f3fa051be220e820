import { parametersOf, type QueryParameter } from '../../http/query.ts';
import { depthMax, malformed, valuesMax } from '../reader.ts';

/**
 * A form, taken apart at the dots of its names: `Tag.member.1.Key=a` is a text under `Key` under `1` under
 * `member` under `Tag`.
 */
export type FormNode = {
  /** One character per byte; undefined for what has parts only. */
  text: string | undefined;
  readonly parts: Map<string, FormNode>;
};

/**
 * Gathers the parameters of a form, one character per byte: those of a body, or of the query of a GET. Of a
 * name that comes twice the last counts. What nests too deep or has too many values is a
 * SerializationException.
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

/** The parameters in the body of a form. A form says a space as `+`. */
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

/** A list's or a map's name is followed by two: `member` or `entry`, and a number. */
const segmentsMax = 3 * depthMax;

function nodeOf(): FormNode {
  return { text: undefined, parts: new Map() };
}
