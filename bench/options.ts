import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { contenders } from './contender.ts';
import { groups, scenarios } from './scenarios.ts';

export type Options = {
  /** How often each contender does PutRecords and GetRecords. */
  readonly rounds: number;
  readonly putRecordRounds: number;
  /** For contenders that are slow. */
  readonly slowRounds: number;
  /** Of what only Millrace does. */
  readonly aloneRounds: number;
  /** Runs repeated in all because the machine was not quiet. */
  readonly repeatsMax: number;
  readonly seconds: number;
  readonly warmSeconds: number;
  /** What goes in before resident memory is looked at. */
  readonly fillBytes: number;
  /** How long a fleet works on its leases. */
  readonly fleetMinutes: number;
  /** No run begins after it. */
  readonly minutes: number;
  /** Fewer points on every axis, and smaller ones. */
  readonly isQuick: boolean;
  readonly only: readonly string[];
  /** The only places on every axis, instead of those of each scenario. */
  readonly at: readonly number[] | undefined;
  /** Names of scenarios. */
  readonly scenarios: readonly string[];
  readonly directory: string;
  /** Where Millrace leaves a CPU profile of each turn. */
  readonly profileDirectory: string | undefined;
  readonly output: string | undefined;
  /** Earlier results to report on instead of measuring. */
  readonly from: readonly string[];
  readonly isWritten: boolean;
  /** As typed, for the record, but for where files are. */
  readonly command: string;
};

const scenarioNames = scenarios.map(({ name }) => name);

export const usage = `Usage: npm run bench -- [options]

Compares Millrace with its peers, side by side, and draws how its costs grow. Needs Linux and leaves nothing behind but
bench/results/: all that was measured as JSON, and a page with the curves next to it.

  --quick           under two minutes: two short rounds, fewer points
  --write           also writes bench/numbers.md
  --from a,b        measures nothing: reports on these files of results, together
  --only a,b        of ${contenders.map(({ name }) => name).join(', ')}
  --scenario a,b    main, the usual; growth: how costs grow; big: with tens of gigabytes; lambda: with
                    functions; delivery: streams into objects; kafka: on three brokers, with Java and Maven; seen: what
                    it costs to be looked at; all; or of
                    ${scenarioNames.join(', ')}
  --at a,b          only these places of every axis: so many shards, streams …
  --rounds N        of PutRecords and GetRecords (5)
  --seconds N       measured in each run (4)
  --fill-mb N       megabytes put in before resident memory is read (2000; 0 skips it)
  --fleet-minutes N  a fleet of workers is watched for so long (10)
  --repeats N       repeats at most so many runs that other processes disturbed (10)
  --minutes N       begins no run after so long (30)
  --directory DIR   on the disk to measure (${tmpdir()})
  --profile DIR     has Millrace leave a CPU profile of every turn there (and costs a little itself)
  --output FILE     of the results as JSON (bench/results/DATE.json)`;

/** Undefined when help was asked for. Throws with one line that says what is wrong. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({ args: [...args], options: flags });
  if (values.help) return undefined;
  const defaults = values.quick ? quick : thorough;
  const rounds = number(values.rounds, 'rounds', defaults.rounds);
  const seconds = number(values.seconds, 'seconds', defaults.seconds);
  return {
    rounds,
    putRecordRounds: Math.min(rounds, defaults.putRecordRounds),
    slowRounds: defaults.slowRounds,
    aloneRounds: Math.min(rounds, defaults.aloneRounds),
    repeatsMax: number(values.repeats, 'repeats', defaults.repeatsMax),
    seconds,
    warmSeconds: seconds / 3,
    fillBytes: number(values['fill-mb'], 'fill-mb', defaults.fillMegabytes) * 1_000_000,
    fleetMinutes: number(values['fleet-minutes'], 'fleet-minutes', defaults.fleetMinutes),
    minutes: number(values.minutes, 'minutes', defaults.minutes),
    isQuick: values.quick,
    only: names(values.only, 'only', contenderNames, defaults.only),
    at: values.at?.split(',').map((text) => number(text, 'at', 0)),
    scenarios: chosenScenarios(values.scenario ?? 'main'),
    directory: values.directory ?? tmpdir(),
    profileDirectory: values.profile,
    output: values.output,
    from: values.from?.split(',') ?? [],
    isWritten: values.write,
    command: commandOf(args),
  };
}

function commandOf(args: readonly string[]): string {
  const isPath = (arg: string | undefined) => ['--output', '--directory', '--profile'].includes(arg ?? '');
  const said = args.filter((arg, index) => !isPath(arg) && !isPath(args[index - 1]));
  return ['npm run bench', ...(said.length > 0 ? ['--', ...said] : [])].join(' ');
}

const flags = {
  help: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  from: { type: 'string' },
  only: { type: 'string' },
  scenario: { type: 'string' },
  at: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  'fill-mb': { type: 'string' },
  'fleet-minutes': { type: 'string' },
  repeats: { type: 'string' },
  minutes: { type: 'string' },
  directory: { type: 'string' },
  profile: { type: 'string' },
  output: { type: 'string' },
} as const;

const contenderNames = contenders.map(({ name }) => name);
const thorough = {
  rounds: 5,
  putRecordRounds: 5,
  slowRounds: 2,
  aloneRounds: 3,
  repeatsMax: 10,
  seconds: 4,
  fillMegabytes: 2000,
  fleetMinutes: 10,
  minutes: 30,
  only: contenderNames,
};
const quick = {
  rounds: 2,
  putRecordRounds: 1,
  slowRounds: 1,
  aloneRounds: 1,
  repeatsMax: 2,
  seconds: 1,
  fillMegabytes: 500,
  fleetMinutes: 0.5,
  minutes: 1.5,
  only: contenderNames.filter((name) => name !== 'kinesalite-path' && name !== 'millrace-memory'),
};

function number(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text === '' || !(value >= 0)) throw new Error(`--${name} must be a number, not '${text}'`);
  return value;
}

function chosenScenarios(text: string): readonly string[] {
  const chosen = names(text, 'scenario', [...groups, 'all', ...scenarioNames], []);
  return scenarios
    .filter(({ name, group }) => ['all', group, name].some((each) => chosen.includes(each)))
    .map(({ name }) => name);
}

function names(
  text: string | undefined,
  option: string,
  known: readonly string[],
  otherwise: readonly string[],
): readonly string[] {
  if (text === undefined) return otherwise;
  const given = text.split(',');
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--${option} knows ${known.join(', ')}, not '${unknown}'`);
  return known.filter((name) => given.includes(name));
}
