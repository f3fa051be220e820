import type { Json, JsonObject } from './dialogue.ts';
import type { Program } from './program.ts';
import type { Step } from './steps.ts';

/** Whether a program still shows what the first one showed. */
type Shows = (program: Program) => Promise<boolean>;

/** A small program that still shows the same: fewer requests, then less in each of them. */
export async function shrink(program: Program, shows: Shows): Promise<Program> {
  let smallest = await withFewerSteps(program, shows);
  for (let before = Number.POSITIVE_INFINITY; sizeOf(smallest) < before; ) {
    before = sizeOf(smallest);
    for (let at = 0; at < smallest.steps.length; at++) smallest = await withLessIn(smallest, at, shows);
  }
  return smallest;
}

function sizeOf(program: Program): number {
  return JSON.stringify(program.steps).length;
}

/** Leaves out halves, quarters and at last single ones. */
async function withFewerSteps(program: Program, shows: Shows): Promise<Program> {
  let smallest = program;
  for (let length = Math.ceil(program.steps.length / 2); ; length = Math.ceil(length / 2)) {
    for (let first = 0; first < smallest.steps.length; ) {
      const smaller = { ...smallest, steps: smallest.steps.toSpliced(first, length) };
      if (smaller.steps.length > 0 && (await shows(smaller))) smallest = smaller;
      else first += length;
    }
    if (length === 1) return smallest;
  }
}

async function withLessIn(program: Program, at: number, shows: Shows): Promise<Program> {
  let smallest = program;
  for (let tried = 0, isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const input of smallerThan(smallest.steps[at]!.input)) {
      if (++tried > triesMax) return smallest;
      const step: Step = { ...smallest.steps[at]!, input: input as JsonObject };
      const smaller = { ...smallest, steps: smallest.steps.with(at, step) };
      if (!(await shows(smaller))) continue;
      smallest = smaller;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

const triesMax = 400;

/** Everything that lacks one part, or has a part of an expression in the place of the whole. */
function* smallerThan(json: Json): Generator<Json> {
  if (Array.isArray(json)) {
    for (const part of json) if (Array.isArray(part)) yield part;
    for (let at = 0; at < json.length; at++) yield json.toSpliced(at, 1);
    for (const [at, part] of json.entries())
      for (const smaller of smallerThan(part)) yield json.with(at, smaller);
  } else if (typeof json === 'object' && json !== null) {
    const entries = Object.entries(json as JsonObject);
    for (let at = 0; at < entries.length; at++) yield Object.fromEntries(entries.toSpliced(at, 1));
    for (const [at, [name, value]] of entries.entries())
      for (const smaller of smallerThan(value)) yield Object.fromEntries(entries.with(at, [name, smaller]));
  }
}
