import { freemem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from './contender.ts';
import type { LoadGenerator } from './load-generator.ts';
import type { Options } from './options.ts';
import { runLine } from './report.ts';
import type { Results } from './results.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import type { Calibration } from './servers/calibration.ts';
import { Turn } from './turn.ts';
import type { Workshop } from './workshop.ts';

/** The contender whose turn it is, and its scenario. */
type Planned = {
  readonly scenario: Scenario;
  readonly at: number | undefined;
  readonly round: number;
  readonly contender: Contender;
};

/** Lets the contenders take turns, A B C, C B A, A B C …, and fills in the results as it goes. */
export class Session {
  readonly #place: {
    readonly workshop: Workshop;
    readonly generator: LoadGenerator;
    readonly options: Options;
  };
  readonly #results: Results;
  readonly #startMs = performance.now();
  #repeatsLeft: number;
  /** The least that a KiB has cost so far to append: with memory that was warm. */
  #appendMicros = Number.POSITIVE_INFINITY;

  constructor(workshop: Workshop, generator: LoadGenerator, options: Options, results: Results) {
    this.#place = { workshop, generator, options };
    this.#results = results;
    this.#repeatsLeft = options.repeatsMax;
  }

  async run(contenders: readonly Contender[]): Promise<void> {
    const planned = plan(this.#place.options, contenders);
    for (const [index, turn] of planned.entries()) {
      if (this.#isOver()) {
        const { minutes } = this.#place.options;
        console.log(
          `The time is up (--minutes ${minutes}): ${planned.length - index} of ${planned.length} turns were left out.`,
        );
        return;
      }
      await this.#turn(turn, `${String(index + 1).padStart(3)}/${planned.length}`);
    }
  }

  /** A server that fails is reported, and the others go on. */
  async #turn(planned: Planned, progress: string): Promise<void> {
    const { scenario, at, round, contender } = planned;
    const about = { scenario: scenario.name, round };
    try {
      const turn = await this.#undisturbed(planned);
      const said = {
        errors: turn.errors,
        ...(turn.firstError !== undefined && { firstError: turn.firstError }),
      };
      const runs = turn.noted.map((noted) => ({ ...about, ...noted, ...said }));
      this.#results.runs.push(...runs);
      for (const run of runs.slice(-linesMax)) console.log(`${progress}  ${runLine(run)}`);
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      const where = at === undefined ? {} : { at };
      this.#results.failures.push({ ...about, ...where, contender: contender.name, failure });
      console.log(`${progress}  ${scenario.name} ${at ?? ''}  ${contender.title}: ${failure}`);
    }
  }

  /**
   * Repeats a run during which something else used the machine, but not for ever: there may be no quiet
   * minute.
   */
  async #undisturbed(planned: Planned): Promise<Turn> {
    const { scenario, at, contender } = planned;
    for (let repeats = 0; ; repeats++) {
      const coldness = await this.#prepare();
      const turn = new Turn(this.#place, contender, scenario.name, at);
      await scenario.measure(turn);
      const disturbance = scenario.isCrowded ? undefined : disturbanceOf(turn, coldness);
      if (disturbance === undefined) return turn;
      if (repeats === repeatsMax || this.#repeatsLeft === 0 || this.#isOver()) {
        console.log(`${contender.title}: ${disturbance}; it stands all the same`);
        this.#results.disturbed++;
        return turn;
      }
      this.#repeatsLeft--;
      this.#results.discarded++;
      console.log(`${contender.title}: ${disturbance}; once more`);
      await sleep(1000);
    }
  }

  /** Warms the machine's memory and looks what appends cost now: answers how many times the least so far. */
  async #prepare(): Promise<number> {
    const { workshop, options } = this.#place;
    const wanted = Math.min(warmMegabytesMax, options.seconds * warmMegabytesPerSecond);
    const megabytes = Math.floor(Math.min(wanted, freemem() / 2 ** 21));
    const directory = workshop.directory();
    const script = join(import.meta.dirname, 'servers', 'calibration.ts');
    const args = [join(directory, 'file'), String(megabytes)];
    const calibration: Calibration = await workshop.ask('server', script, args);
    workshop.remove(directory);
    this.#results.calibrations.push(calibration);
    this.#appendMicros = Math.min(this.#appendMicros, calibration.largeAppendMicros);
    return calibration.largeAppendMicros / this.#appendMicros;
  }

  #isOver(): boolean {
    return performance.now() - this.#startMs > this.#place.options.minutes * 60_000;
  }
}

/** Round by round, so that a session that is cut short has whole rounds. */
function plan(options: Options, contenders: readonly Contender[]): Planned[] {
  const chosen = scenarios.filter(({ name }) => options.scenarios.includes(name));
  const roundsOf = (scenario: Scenario) => scenario.rounds?.(options) ?? options.aloneRounds;
  const takesPart = (scenario: Scenario, contender: Contender) =>
    scenario.includes?.(contender) ?? contender.isMeasuredAlone === true;
  const rounds = Array.from({ length: Math.max(0, ...chosen.map(roundsOf)) }, (_, round) => {
    const present = contenders.filter(({ isSlow }) => !isSlow || round < options.slowRounds);
    const inOrder = round % 2 === 0 ? present : present.toReversed();
    return chosen
      .filter((scenario) => round < roundsOf(scenario))
      .flatMap((scenario) => {
        const usual = scenario.points?.[options.isQuick ? 'quick' : 'thorough'];
        const points = usual === undefined ? [undefined] : (options.at ?? usual);
        const taking = inOrder.filter((contender) => takesPart(scenario, contender));
        return points.flatMap((at) => taking.map((contender) => ({ scenario, at, round, contender })));
      });
  });
  const all = rounds.flat();
  // A slow contender must not keep others out of the little time there is.
  const slow = ({ contender }: Planned) => Number(contender.isSlow ?? false);
  return options.isQuick ? all.sort((one, other) => slow(one) - slow(other)) : all;
}

function disturbanceOf({ foreignShare }: Turn, coldness: number): string | undefined {
  if (foreignShare > foreignShareMax)
    return `${Math.round(foreignShare * 100)} % of the processors went elsewhere`;
  if (coldness > coldnessMax) return `memory was cold: appends cost ${coldness.toFixed(1)} times the least`;
  return undefined;
}

/** Of all processors' time. */
const foreignShareMax = 0.1;
/** How many times the least that an append has cost in this session. */
const coldnessMax = 2;
/** Of progress for one turn. */
const linesMax = 6;
/** Of one turn. */
const repeatsMax = 2;
/**
 * As much as a second's puts take, the page cache and the server's own memory; never more than half of what
 * is free.
 */
const warmMegabytesPerSecond = 700;
const warmMegabytesMax = 3000;
