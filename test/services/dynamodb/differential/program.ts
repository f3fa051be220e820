import { SeededRandom } from '../../../../harness/random.ts';
import { ask, type Json, type JsonObject, type Party, type Said } from './dialogue.ts';
import { type Tree, textOf } from './expressions.ts';
import { drawStep, type Step } from './steps.ts';
import { drawTable, type TableShape } from './tables.ts';

/** Tables and requests, all from one seed. */
export type Program = {
  readonly seed: number;
  readonly tables: readonly TableShape[];
  readonly steps: readonly Step[];
};

/** `isAsked` leaves out what is not to be asked of these servers. */
export function drawProgram(
  seed: number,
  stepCount: number,
  isAsked: (step: Step) => boolean = () => true,
): Program {
  const random = new SeededRandom(seed);
  const tables = Array.from({ length: random.pick([1, 1, 2]) }, (_, nth) =>
    drawTable(random, `table-${seed}-${nth}`),
  );
  const steps = Array.from({ length: stepCount }, () => drawStep(random, tables));
  return { seed, tables, steps: [...steps.filter(isAsked), ...tables.map(lastLook)] };
}

/** In the end all items are compared, whatever the answers were. */
function lastLook({ name }: TableShape): Step {
  return { operation: 'Scan', input: { TableName: name }, isWhole: true };
}

/** Carries out a step as the client that it speaks of: all pages of it, all segments. */
export async function carryOut(party: Party, step: Step): Promise<Said> {
  const input = rendered(step.input) as JsonObject;
  if (step.segments === undefined) return await readOn(party, step, input);
  const pages: JsonObject[] = [];
  for (let Segment = 0; Segment < step.segments; Segment++) {
    const part = { ...input, Segment, TotalSegments: step.segments };
    const said = await readOn(party, step, part);
    if (said.kind === 'error') return said;
    pages.push(said.output);
  }
  return { kind: 'output', output: joined(pages) };
}

async function readOn(party: Party, { operation, isWhole }: Step, input: JsonObject): Promise<Said> {
  const pages: JsonObject[] = [];
  let start: JsonObject = {};
  for (let page = 0; page < pagesMax; page++) {
    const said = await ask(party, operation, { ...input, ...start });
    if (said.kind === 'error' || isWhole !== true) return said;
    pages.push(said.output);
    const { LastEvaluatedKey } = said.output;
    if (LastEvaluatedKey === undefined || LastEvaluatedKey === null)
      return { kind: 'output', output: joined(pages) };
    start = { ExclusiveStartKey: LastEvaluatedKey };
  }
  return { kind: 'error', type: 'Endless', message: `${pagesMax} pages and no end`, details: {} };
}

const pagesMax = 100;

function joined(pages: readonly JsonObject[]): JsonObject {
  const sum = (name: string) => pages.reduce((total, page) => total + Number(page[name] ?? 0), 0);
  const Items = pages.flatMap((page) => (page['Items'] as readonly Json[] | undefined) ?? []);
  return { Items, Count: sum('Count'), ScannedCount: sum('ScannedCount') };
}

/** Expressions become texts, and names and values that none of them speaks of go, but for `unused` ones. */
export function rendered(json: Json): Json {
  if (Array.isArray(json)) return json.map(rendered);
  if (typeof json !== 'object' || json === null) return json;
  const object = json as JsonObject;
  const texts = Object.entries(object)
    .filter(([name, value]) => name.endsWith('Expression') && Array.isArray(value))
    .map(([name, value]) => [name, textOf(value as Tree)] as const);
  const spoken = texts.map(([, text]) => text).join(' ');
  const others = Object.entries(object)
    .filter(([name]) => !texts.some(([each]) => each === name))
    .map(([name, value]) => [name, name in holders ? pruned(value, spoken) : rendered(value)] as const)
    .filter(([name, value]) => !(name in holders && Object.keys(value ?? {}).length === 0));
  return Object.fromEntries([...others, ...texts]);
}

const holders = { ExpressionAttributeNames: '#', ExpressionAttributeValues: ':' };

function pruned(holders: Json, spoken: string): Json {
  const mentioned = new Set(spoken.match(/[#:][A-Za-z0-9_]+/g) ?? []);
  const kept = Object.entries((holders ?? {}) as JsonObject).filter(
    ([name]) => mentioned.has(name) || /^[#:]unused/.test(name),
  );
  return Object.fromEntries(kept);
}
