import { type Token, tokenizeSql, type UserDefinedFunction } from 'squirreling';

/** A query in which the fields of bodies are calls, and where its places are in what was typed. */
export type WithFields = { readonly sql: string; readonly positionIn: (position: number) => number };

/**
 * Writes `body.customer.name` and `body.items[0]` as calls of a function that answers null for what is not
 * there: the library takes one dot, and fails for a row without the field.
 */
export function withFieldCalls(sql: string): WithFields {
  const tokens = tokenizeSql(sql);
  const edits: Edit[] = [];
  let written = '';
  let copied = 0;
  for (let index = 0; index < tokens.length; index++) {
    const path = pathAt(tokens, index);
    if (path === undefined) continue;
    const { positionStart: start } = tokens[qualifierAt(tokens, index)]!;
    written += sql.slice(copied, start);
    const call = `${fieldFunction}(${sql.slice(start, tokens[index]!.positionEnd)}, '${escaped(path.steps)}')`;
    edits.push({ at: written.length, length: call.length, from: start, end: path.end });
    written += call;
    copied = path.end;
    index = path.last;
  }
  return { sql: written + sql.slice(copied), positionIn: (position) => positionBefore(edits, position) };
}

export const fieldFunction = 'BODY_FIELD';

/** Where something was written for something else. */
type Edit = { readonly at: number; readonly length: number; readonly from: number; readonly end: number };

function positionBefore(edits: readonly Edit[], position: number): number {
  const edit = edits.findLast(({ at }) => at <= position);
  if (edit === undefined) return position;
  const behind = position - (edit.at + edit.length);
  return behind < 0 ? edit.from : edit.end + behind;
}

type Step = string | number;

/** The steps behind a `body`, if there are any: where the last one ends, and its token. */
function pathAt(
  tokens: readonly Token[],
  index: number,
): { readonly steps: readonly Step[]; readonly end: number; readonly last: number } | undefined {
  const { type, value } = tokens[index]!;
  if (type !== 'identifier' || value !== 'body') return undefined;
  const steps: Step[] = [];
  let last = index;
  for (;;) {
    const [first, second, third] = tokens.slice(last + 1, last + 4);
    if (first?.type === 'dot' && second !== undefined && isName(second)) {
      steps.push(second.originalValue ?? second.value);
      last += 2;
    } else if (first?.value === '[' && second?.type === 'number' && third?.value === ']') {
      steps.push(Number(second.value));
      last += 3;
    } else if (first?.value === '[' && second?.type === 'string' && third?.value === ']') {
      steps.push(second.value);
      last += 3;
    } else {
      return steps.length === 0 ? undefined : { steps, end: tokens[last]!.positionEnd, last };
    }
  }
}

/** Words that SQL has for itself are names behind a dot. */
const isName = ({ type }: Token) => type === 'identifier' || type === 'keyword';

/** Where `records.body` begins. */
function qualifierAt(tokens: readonly Token[], index: number): number {
  return tokens[index - 1]?.type === 'dot' && tokens[index - 2]?.type === 'identifier' ? index - 2 : index;
}

const escaped = (steps: readonly Step[]) => JSON.stringify(steps).replaceAll("'", "''");

export const fieldFunctions: Record<string, UserDefinedFunction> = {
  [fieldFunction]: {
    apply: (body, path) => fieldIn(body, stepsOf(String(path))) as ReturnType<UserDefinedFunction['apply']>,
    arguments: { min: 2, max: 2 },
  },
};

export const stepsOf = (path: string): readonly Step[] => JSON.parse(path);

function fieldIn(body: unknown, steps: readonly Step[]): unknown {
  let value = body;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return null;
    value = (value as Record<Step, unknown>)[step];
  }
  return value;
}
