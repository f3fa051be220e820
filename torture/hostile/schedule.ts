import { SeededRandom } from '../../harness/random.ts';
import { abusers } from './abusers.ts';
import type { Input } from './input.ts';
import { strangers } from './strangers.ts';
import type { Scale } from './target.ts';

/** One thing that the crew does. Plain data: the same seed writes the same list. */
export type Step = InputStep | WalkStep;

export type InputStep = {
  readonly kind: 'input';
  readonly name: string;
  readonly secure: boolean;
  /** What the step draws for itself. */
  readonly seed: number;
};

/** To any state of any protocol, and there whatever comes to mind. */
export type WalkStep = {
  readonly kind: 'walk';
  readonly protocol: Protocol;
  readonly secure: boolean;
  readonly state: State;
  readonly act: Act;
  /** Where what is said is cut, as a share of it. */
  readonly cut: number;
  /** How often, for what is repeated. */
  readonly times: number;
  readonly seed: number;
};

export const protocols = ['http1', 'http2'] as const;
export type Protocol = (typeof protocols)[number];

/** How far a connection has come. The first two are over when a protocol begins. */
export const states = [
  'connected',
  'beginning',
  'head',
  'body',
  'answer',
  'pipelining',
  'idle',
  'events',
] as const;
export type State = (typeof states)[number];

export const acts = ['leave', 'reset', 'stall', 'repeat', 'split', 'flood'] as const;
export type Act = (typeof acts)[number];

/**
 * All that once did harm, and as many steps at random. Those that last come first, so that the others do not
 * wait for them.
 */
export function scheduleOf(seed: number, scale: Scale): readonly Step[] {
  const random = new SeededRandom(seed);
  const inputs = inputSteps([...strangers, ...abusers], random.fork());
  const walks = walkSteps(random.fork(), scale === 'brief' ? walksBrief : walksFull);
  return [...walks.filter(isStall), ...inputs, ...walks.filter((step) => !isStall(step))];
}

const walksBrief = 60;
const walksFull = 600;

export function inputSteps(inputs: readonly Input[], random: SeededRandom): Step[] {
  return inputs.flatMap(({ name, over }) =>
    over.map((way): Step => ({ kind: 'input', name, secure: way === 'tls', seed: random.next() })),
  );
}

function walkSteps(random: SeededRandom, count: number): WalkStep[] {
  // Every state meets every act before one meets another twice, in whichever protocol.
  const pairs = states.flatMap((state) => acts.map((act) => ({ state, act })));
  return Array.from({ length: count }, (_, index): WalkStep => {
    if (index % pairs.length === 0) shuffle(pairs, random);
    return {
      kind: 'walk',
      ...pairs[index % pairs.length]!,
      protocol: random.pick(protocols),
      secure: random.chance(0.5),
      cut: random.real(0.05, 0.95),
      times: random.between(2, 200),
      seed: random.next(),
    };
  });
}

function shuffle<T>(list: T[], random: SeededRandom): void {
  for (let index = list.length - 1; index > 0; index--) {
    const other = random.below(index + 1);
    [list[index], list[other]] = [list[other]!, list[index]!];
  }
}

function isStall(step: Step): boolean {
  return step.kind === 'walk' && step.act === 'stall';
}

export function titleOf(step: Step): string {
  const way = step.secure ? 'TLS' : 'the clear';
  if (step.kind === 'input') return `${step.name} in ${way}`;
  return `${step.protocol} in ${way}, ${step.state}, ${step.act}`;
}
