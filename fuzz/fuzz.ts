import { SeededRandom } from '../harness/random.ts';
import type { Coverage } from './coverage.ts';
import { causeOf, type Finding, outcomeOf, shrink } from './finding.ts';
import { mutate } from './mutate.ts';
import type { Target } from './target.ts';

export type FuzzOptions = {
  /** Decides everything, unless the time does (`isOver`) or the coverage. */
  readonly seed: number;
  /** Asked before every input. */
  readonly isOver: (runs: number) => boolean;
  /** Inputs kept by runs before this one. */
  readonly corpus: readonly Buffer[];
  /** Guides the search, when there is one: inputs that run new code are mutated further. */
  readonly coverage?: Coverage | undefined;
  readonly onFinding?: (finding: Finding) => void;
};

export type FuzzReport = {
  readonly runs: number;
  /** Inputs, each of which showed something new. */
  readonly kept: readonly Buffer[];
  readonly answers: ReadonlySet<string>;
  /** One for each cause, as short as it was made. */
  readonly findings: readonly Finding[];
};

/** Gives a target its seeds, the corpus, and then mutations of whatever showed something new. */
export async function fuzz(target: Target, options: FuzzOptions): Promise<FuzzReport> {
  const search = new Search(target, options);
  for (const input of [...target.seeds, ...options.corpus]) {
    if (options.isOver(search.runs)) return search;
    await search.try([input]);
  }
  while (!options.isOver(search.runs)) await search.try(search.next(options.coverage ? batch : 1));
  return search;
}

/** Asking what was covered takes as long as many runs. */
const batch = 64;

class Search implements FuzzReport {
  runs = 0;
  readonly kept: Buffer[] = [];
  readonly answers = new Set<string>();
  readonly findings: Finding[] = [];
  readonly #target: Target;
  readonly #options: FuzzOptions;
  readonly #random: SeededRandom;

  constructor(target: Target, options: FuzzOptions) {
    this.#target = target;
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
  }

  next(count: number): Buffer[] {
    const { seeds, words, bytesMax = 2_048 } = this.#target;
    const others = this.kept.length > 0 ? this.kept : seeds;
    return Array.from({ length: count }, () => {
      // What was found last leads on most often.
      const recent = this.#random.chance(0.3) ? others.slice(-10) : others;
      return mutate(this.#random.pick(recent), this.#random, { words, others, bytesMax });
    });
  }

  /** Runs inputs, and keeps those that showed something new. */
  async try(inputs: readonly Buffer[]): Promise<void> {
    const { coverage } = this.#options;
    for (const input of inputs) {
      if (await this.#run(input)) this.#keep(input);
    }
    if (coverage === undefined || coverage.fresh(false) === 0) return;
    for (const input of inputs) {
      await this.#run(input);
      if (coverage.fresh(true) > 0 && !this.kept.includes(input)) this.#keep(input);
    }
  }

  /** True when its answer is a new one. */
  async #run(input: Buffer): Promise<boolean> {
    this.runs += 1;
    const outcome = await outcomeOf(this.#target, input);
    if ('error' in outcome) {
      await this.#found({ input, error: outcome.error, cause: causeOf(outcome.error) });
      return false;
    }
    const isNew = !this.answers.has(outcome.answer);
    if (isNew && this.answers.size < answersMax) this.answers.add(outcome.answer);
    return isNew;
  }

  async #found(finding: Finding): Promise<void> {
    if (this.findings.some(({ cause }) => cause === finding.cause)) return;
    const shortest = await shrink(this.#target, finding);
    this.findings.push(shortest);
    this.#options.onFinding?.(shortest);
  }

  /** The oldest makes room: those after it came from it. */
  #keep(input: Buffer): void {
    this.kept.push(input);
    if (this.kept.length > keptMax) this.kept.shift();
  }
}

const keptMax = 2_000;
const answersMax = 10_000;
