import { strict as assert } from 'node:assert';
import { parentPort, workerData } from 'node:worker_threads';
import { SeededRandom } from '../../harness/random.ts';
import { abusers } from './abusers.ts';
import { type Excess, MemoryGauge } from './gauge.ts';
import type { Input, Scene } from './input.ts';
import { type Step, titleOf } from './schedule.ts';
import { strangers } from './strangers.ts';
import type { Target } from './target.ts';
import { walk } from './walk.ts';

// The crew has a thread of its own, so that what it does does not show in the latencies that others measure.

export type CrewData = { readonly target: Target; readonly steps: readonly Step[] };
/** What it tells: each step that begins, and in the end what came of all. */
export type CrewWord =
  | { readonly kind: 'begins'; readonly title: string }
  | { readonly kind: 'done'; readonly violations: readonly string[]; readonly excess: Excess | undefined };

const { target, steps } = workerData as CrewData;
const inputs = new Map([...strangers, ...abusers].map((input) => [input.name, input]));
const gauge = new MemoryGauge(target);
const violations: string[] = [];
const tell = (word: CrewWord) => parentPort!.postMessage(word);

/** How many walks are under way at once. */
const lanes = 4;

await work();
tell({ kind: 'done', violations, excess: gauge.excess });

async function work(): Promise<void> {
  const lasting: Promise<void>[] = [];
  const walks: Step[] = [];
  for (const step of steps) {
    if (isLasting(step)) lasting.push(act(step));
    else if (step.kind === 'input') await act(step);
    else walks.push(step);
  }
  const lane = async () => {
    for (let step = walks.shift(); step !== undefined; step = walks.shift()) await act(step);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await Promise.all(lasting);
  violations.push(...gauge.look('the last step'));
}

function isLasting(step: Step): boolean {
  return step.kind === 'walk' ? step.act === 'stall' : inputNamed(step.name).isLasting === true;
}

function inputNamed(name: string): Input {
  const input = inputs.get(name);
  assert(input !== undefined, name);
  return input;
}

async function act(step: Step): Promise<void> {
  const title = titleOf(step);
  tell({ kind: 'begins', title });
  const scene: Scene = { target, secure: step.secure, random: new SeededRandom(step.seed), gauge };
  const broken = step.kind === 'walk' ? await walk(step, scene) : await inputNamed(step.name).run(scene);
  violations.push(...broken, ...gauge.look(title));
}
