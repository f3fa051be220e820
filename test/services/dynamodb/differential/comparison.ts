import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject, Said } from './dialogue.ts';
import type { Step } from './steps.ts';

/** Two answers to one request, in a form in which what may differ does not. */
export type Difference = {
  readonly kind: 'outcome' | 'error' | 'details' | 'output' | 'text';
  readonly said: string;
  /** What stays the same when a program that shows it gets smaller. */
  readonly nature: string;
};

/** Undefined when both answers say the same. `texts`: also that errors have one text. */
export function differenceOf(
  step: Step,
  one: Said,
  other: Said,
  { texts }: { readonly texts: boolean },
): Difference | undefined {
  const nature = `${natureOf(one)} and ${natureOf(other)}`;
  if (one.kind === 'output' && other.kind === 'output') {
    const [left, right] = [normal(step, one.output), normal(step, other.output)];
    return isDeepStrictEqual(left, right) ? undefined : { kind: 'output', said: both(left, right), nature };
  }
  if (one.kind === 'error' && other.kind === 'error') {
    if (one.type !== other.type) return { kind: 'error', said: both(shortOf(one), shortOf(other)), nature };
    const [left, right] = [detailsOf(one.details), detailsOf(other.details)];
    if (!isDeepStrictEqual(left, right)) return { kind: 'details', said: both(left, right), nature };
    const isSame = !texts || one.message === other.message;
    return isSame ? undefined : { kind: 'text', said: both(one.message, other.message), nature };
  }
  return { kind: 'outcome', said: both(shortOf(one), shortOf(other)), nature };
}

/** The beginning of an error says what it is about; the rest names what is in the request. */
function natureOf(said: Said): string {
  return said.kind === 'output' ? said.kind : `${said.type} ${said.message.slice(0, 60)}`;
}

function both(one: unknown, other: unknown): string {
  return `${JSON.stringify(one)}\n      and ${JSON.stringify(other)}`;
}

export function shortOf(said: Said): unknown {
  return said.kind === 'output' ? said.output : `${said.type}: ${said.message}`;
}

/** What an error says besides its text: the item that was there, and why a transaction was given up. */
function detailsOf({ Item, CancellationReasons }: JsonObject): unknown {
  const reasons = (CancellationReasons ?? []) as readonly JsonObject[];
  const told = reasons.map(({ Code, Item: item }) => ({ code: Code ?? 'None', item: canonical(item ?? {}) }));
  return { item: canonical(Item ?? {}), reasons: told };
}

function normal(step: Step, output: JsonObject): unknown {
  const { Items, Count, ScannedCount, Attributes, Item, Responses, LastEvaluatedKey, UnprocessedItems } =
    output;
  const items = ((Items ?? []) as readonly Json[]).map(canonical);
  const responses = step.operation === 'BatchGetItem' ? byTable(Responses) : canonical(Responses ?? []);
  return {
    items: step.isOrdered ? items : sorted(items),
    counts: [Count ?? 0, ScannedCount ?? 0],
    attributes: canonical(Attributes ?? {}),
    item: canonical(Item ?? {}),
    responses,
    last: step.isWhole ? undefined : canonical(LastEvaluatedKey ?? {}),
    unprocessed: canonical(UnprocessedItems ?? {}),
  };
}

function byTable(responses: Json | undefined): unknown {
  const tables = Object.entries((responses ?? {}) as JsonObject);
  const found = tables.filter(([, items]) => (items as readonly Json[]).length > 0);
  return Object.fromEntries(
    found.map(([name, items]) => [name, sorted((items as readonly Json[]).map(canonical))]),
  );
}

function sorted(values: readonly unknown[]): readonly unknown[] {
  return values
    .map((value) => [JSON.stringify(value), value] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, value]) => value);
}

/** Members by name, sets in one order, numbers by their value. */
export function canonical(json: Json): unknown {
  if (Array.isArray(json)) return json.map(canonical);
  if (typeof json !== 'object' || json === null) return json;
  const members = Object.entries(json as JsonObject).map(
    ([name, value]) => [name, memberOf(name, value)] as const,
  );
  return Object.fromEntries(members.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function memberOf(name: string, value: Json): unknown {
  if (name === 'N' && typeof value === 'string') return numberOf(value);
  if (!isSetName(name) || !isTexts(value)) return canonical(value);
  return sorted(name === 'NS' ? value.map(numberOf) : value);
}

function isSetName(name: string): boolean {
  return name === 'SS' || name === 'NS' || name === 'BS';
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** One text for all texts of a number. */
export function numberOf(text: string): string {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (parts === null) return text;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - kept.length;
  return `${sign === '-' ? '-' : ''}${kept}e${power}`;
}
