import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from './contender.ts';
import type { LoadGenerator } from './load-generator.ts';
import type { Options } from './options.ts';
import { runLine } from './report.ts';
import { outcomesOf, type Results, type Run } from './results.ts';
import { RunningServer } from './running-server.ts';
import { type Plan, plans } from './scenarios.ts';
import type { Calibration } from './servers/calibration.ts';
import type { Workshop } from './workshop.ts';

/** Lets the contenders take turns, A B C, C B A, A B C …, and fills in the results as it goes. */
export class Session {
  readonly #workshop: Workshop;
  readonly #generator: LoadGenerator;
  readonly #options: Options;
  readonly #results: Results;
  readonly #deadlineMs: number;
  #repeatsLeft: number;

  constructor(workshop: Workshop, generator: LoadGenerator, options: Options, results: Results) {
    this.#workshop = workshop;
    this.#generator = generator;
    this.#options = options;
    this.#results = results;
    this.#repeatsLeft = options.repeatsMax;
    this.#deadlineMs = performance.now() + options.minutes * 60_000;
  }

  async run(contenders: readonly Contender[]): Promise<void> {
    const { choices, slowRounds } = this.#options;
    const chosen = plans.filter((plan) => plan.choices.some((choice) => choices.includes(choice)));
    const rounds = Math.max(...chosen.map((plan) => plan.rounds(this.#options)));
    for (let round = 0; round < rounds; round++) {
      if (this.#isOver()) break;
      this.#results.calibrations.push(await this.#calibrate());
      const present = contenders.filter(({ isSlow }) => !isSlow || round < slowRounds);
      for (const plan of chosen) {
        if (round < plan.rounds(this.#options)) await this.#round(plan, round, present.filter(plan.includes));
      }
    }
    if (this.#isOver())
      console.log(`The time is up (--minutes ${this.#options.minutes}): later runs were left out.`);
  }

  async #round(plan: Plan, round: number, contenders: readonly Contender[]): Promise<void> {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      if (this.#isOver()) return;
      await this.#turn(plan, round, contender);
    }
  }

  /** A server that fails is reported, and the others go on. */
  async #turn(plan: Plan, round: number, contender: Contender): Promise<void> {
    try {
      const run = await this.#undisturbed(plan, round, contender);
      this.#results.runs.push(run);
      console.log(runLine(run));
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      const { scenario } = plan;
      this.#results.failures.push({ scenario, round, contender: contender.name, failure });
      console.log(`${scenario} ${round + 1}  ${contender.title}: ${failure}`);
    }
  }

  /** Repeats a run during which something else used the machine, but not for ever: there may be no quiet minute. */
  async #undisturbed(plan: Plan, round: number, contender: Contender): Promise<Run> {
    for (let repeats = 0; ; repeats++) {
      const run = await this.#measure(plan, round, contender);
      const share = Math.max(0, ...outcomesOf(run).map(({ foreignShare }) => foreignShare));
      if (share <= foreignShareMax) return run;
      const percent = `${Math.round(share * 100)} % of the processors went elsewhere`;
      if (repeats === repeatsMax || this.#repeatsLeft === 0 || this.#isOver()) {
        console.log(`${contender.title}: ${percent}; it stands all the same`);
        this.#results.disturbed++;
        return run;
      }
      this.#repeatsLeft--;
      this.#results.discarded++;
      console.log(`${contender.title}: ${percent}; once more`);
      await sleep(1000);
    }
  }

  async #measure(plan: Plan, round: number, contender: Contender): Promise<Run> {
    await using server = await RunningServer.start(this.#workshop, contender, plan.shardCount);
    const { startMs } = server;
    const turn = { server, contender, generator: this.#generator, options: this.#options };
    const measured = await plan.measure(turn);
    return { scenario: plan.scenario, round, contender: contender.name, startMs, ...measured };
  }

  async #calibrate(): Promise<Calibration> {
    const directory = this.#workshop.directory();
    const script = join(import.meta.dirname, 'servers', 'calibration.ts');
    const child = this.#workshop.start('server', process.execPath, [script, join(directory, 'file')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    await once(child, 'close');
    this.#workshop.remove(directory);
    return JSON.parse(text);
  }

  #isOver(): boolean {
    return performance.now() > this.#deadlineMs;
  }
}

/** Of all processors' time. */
const foreignShareMax = 0.1;
/** Of one turn. */
const repeatsMax = 2;
