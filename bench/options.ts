import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { contenders } from './contender.ts';

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
  /** No run begins after it. */
  readonly minutes: number;
  readonly only: readonly string[];
  readonly choices: readonly Choice[];
  readonly directory: string;
  readonly output: string | undefined;
  readonly isWritten: boolean;
  /** As typed, for the record. */
  readonly command: string;
};

/** What can be asked for; see scenarios.ts. */
export type Choice = (typeof allChoices)[number];
const allChoices = ['put', 'get', 'fan-out', 'shards', 'memory', 'start'] as const;

export const usage = `Usage: npm run bench -- [options]

Compares Millrace with its peers, side by side. Needs Linux and leaves nothing behind but bench/results/.

  --quick           under two minutes: two short rounds
  --write           also writes bench/numbers.md
  --only a,b        of ${contenders.map(({ name }) => name).join(', ')}
  --scenario a,b    of ${allChoices.join(', ')}
  --rounds N        of PutRecords and GetRecords (5)
  --seconds N       measured in each run (4)
  --fill-mb N       megabytes put in before resident memory is read (2000; 0 skips it)
  --repeats N       repeats at most so many runs that other processes disturbed (10)
  --minutes N       begins no run after so long (20)
  --directory DIR   on the disk to measure (${tmpdir()})
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
    fillBytes: number(values['fill-mb'], 'fill-mb', 2000) * 1_000_000,
    minutes: number(values.minutes, 'minutes', defaults.minutes),
    only: names(values.only, 'only', everyone, defaults.only),
    choices: names(values.scenario, 'scenario', allChoices, allChoices),
    directory: values.directory ?? tmpdir(),
    output: values.output,
    isWritten: values.write,
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
  };
}

const flags = {
  help: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  only: { type: 'string' },
  scenario: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  'fill-mb': { type: 'string' },
  repeats: { type: 'string' },
  minutes: { type: 'string' },
  directory: { type: 'string' },
  output: { type: 'string' },
} as const;

const everyone = contenders.map(({ name }) => name);
const thorough = {
  rounds: 5,
  putRecordRounds: 3,
  slowRounds: 2,
  aloneRounds: 3,
  repeatsMax: 10,
  seconds: 4,
  minutes: 20,
  only: everyone,
};
const quick = {
  rounds: 2,
  putRecordRounds: 1,
  slowRounds: 1,
  aloneRounds: 1,
  repeatsMax: 2,
  seconds: 1,
  minutes: 1.5,
  only: everyone.filter((name) => name !== 'kinesalite-path'),
};

function number(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text === '' || !(value >= 0)) throw new Error(`--${name} must be a number, not '${text}'`);
  return value;
}

function names<Name extends string>(
  text: string | undefined,
  option: string,
  known: readonly Name[],
  otherwise: readonly Name[],
): readonly Name[] {
  if (text === undefined) return otherwise;
  const given = text.split(',');
  const unknown = given.find((name) => !known.some((each) => each === name));
  if (unknown !== undefined) throw new Error(`--${option} knows ${known.join(', ')}, not '${unknown}'`);
  return known.filter((name) => given.includes(name));
}
