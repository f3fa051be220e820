import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from './contender.ts';
import type { Load, PutLoad } from './load.ts';
import type { LoadGenerator } from './load-generator.ts';
import type { Options } from './options.ts';
import { runLine } from './report.ts';
import type { Results, Run, Scenario } from './results.ts';
import { RunningServer } from './running-server.ts';
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
    const { rounds, slowRounds, putRecordRounds, fillBytes } = this.#options;
    const fillers = fillBytes > 0 ? contenders.filter(({ isFilled }) => isFilled) : [];
    await this.#round('fill', 0, fillers);
    for (let round = 0; round < rounds; round++) {
      if (this.#isOver()) break;
      this.#results.calibrations.push(await this.#calibrate());
      const present = contenders.filter(({ isSlow }) => !isSlow || round < slowRounds);
      await this.#round('PutRecords', round, present);
      if (round < putRecordRounds) await this.#round('PutRecord', round, present);
    }
    if (this.#isOver())
      console.log(`The time is up (--minutes ${this.#options.minutes}): later runs were left out.`);
  }

  async #round(scenario: Scenario, round: number, contenders: readonly Contender[]): Promise<void> {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      if (this.#isOver()) return;
      await this.#turn(scenario, round, contender);
    }
  }

  /** A server that fails is reported, and the others go on. */
  async #turn(scenario: Scenario, round: number, contender: Contender): Promise<void> {
    try {
      const run = await this.#undisturbed(scenario, round, contender);
      this.#results.runs.push(run);
      console.log(runLine(run));
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      this.#results.failures.push({ scenario, round, contender: contender.name, failure });
      console.log(`${scenario} ${round + 1}  ${contender.title}: ${failure}`);
    }
  }

  /** Repeats a run during which something else used the machine, but not for ever: there may be no quiet minute. */
  async #undisturbed(scenario: Scenario, round: number, contender: Contender): Promise<Run> {
    for (let repeats = 0; ; repeats++) {
      const run = await this.#measure(scenario, round, contender);
      const share = Math.max(run.put.foreignShare, run.get?.foreignShare ?? 0);
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

  async #measure(scenario: Scenario, round: number, contender: Contender): Promise<Run> {
    await using server = await RunningServer.start(this.#workshop, contender);
    const { startMs } = server;
    const put = await this.#generator.run(server, this.#load(scenario));
    const residentBytes = server.residentBytes();
    const run = { scenario, round, contender: contender.name, startMs, residentBytes, put };
    if (scenario !== 'PutRecords' || !contender.readsBack) return run;
    const get: Load = { kind: 'get', recordsExpected: put.acknowledged };
    return { ...run, get: await this.#generator.run(server, get) };
  }

  #load(scenario: Scenario): PutLoad {
    const { seconds, warmSeconds, fillBytes } = this.#options;
    const timed = { kind: 'put', seconds, warmSeconds, requestsMin: 8, bytesMax: timedBytesMax } as const;
    switch (scenario) {
      case 'PutRecords':
        return { ...timed, operation: 'PutRecords', connections: 8 };
      case 'PutRecord':
        return { ...timed, operation: 'PutRecord', connections: 64 };
      case 'fill': {
        const filling = { warmSeconds: 0, seconds: 3600, bytesMax: fillBytes };
        return { ...timed, ...filling, operation: 'PutRecords', connections: 8 };
      }
    }
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

/** What a run keeps in the memory of a server that keeps everything there. */
const timedBytesMax = 1_500_000_000;
