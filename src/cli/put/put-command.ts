import { Command } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { type PlaceOptions, placeHelp, withPlace } from '../aws-place.ts';
import type { Run } from '../command-world.ts';

/** How what is read becomes records. */
const putForms = ['lines', 'json', 'csv', 'file', 'records'] as const;
export type PutForm = (typeof putForms)[number];

export type PutRequest = PlaceOptions & {
  readonly stream: string;
  /** `-` is stdin. */
  readonly files: readonly string[];
  /** Undefined: by the name of each file. */
  readonly form: PutForm | undefined;
  /** An expression of CEL; undefined for keys that spread records evenly. */
  readonly key: string | undefined;
  /** Records a second; undefined for as many as are taken. */
  readonly rate: number | undefined;
  readonly inOrder: boolean;
  readonly json: boolean | undefined;
};

type Options = PlaceOptions & {
  readonly as?: string;
  readonly key?: string;
  readonly rate?: string;
  readonly inOrder?: boolean;
  readonly json?: boolean;
};

/** The command `put`. What makes no sense is a `StartError`. */
export function putCommand(asked: (run: Run) => void): Command {
  const command = new Command('millrace put')
    .description('Puts records into a stream: lines, JSON, CSV or whole files.')
    .argument('<stream>')
    .argument('[file...]', 'what to put; - or nothing is stdin')
    .option('--as <form>', `${putForms.join(', ')} (default: by the name of each file)`)
    .option(
      '--key <expression>',
      'the partition key, in CEL over body, text and index (default: spreads them)',
    )
    .option('--rate <records>', 'so many a second, such as 200 or 200/s')
    .option('--in-order', 'keep the order of each key whatever is refused; slower')
    .option('--json', 'print what came of it as JSON, as is done where no terminal is')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((stream: string, files: readonly string[], options: Options) => {
      const request = requestOf(stream, files, options);
      asked(async (world) => (await import('./put.ts')).runPut(request, world));
    });
  return withPlace(command);
}

function requestOf(stream: string, files: readonly string[], options: Options): PutRequest {
  const { as: form, key, rate, inOrder = false, json, endpoint, profile } = options;
  const known = putForms.find((one) => one === form);
  if (form !== undefined && known === undefined)
    throw new StartError(`--as must be ${putForms.join(', ')}, not '${form}'`);
  return {
    ...{ stream, form: known, key, inOrder, json },
    files: files.length === 0 ? ['-'] : files,
    rate: rate === undefined ? undefined : rateOf(rate),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
  };
}

function rateOf(text: string): number {
  const rate = Number(text.replace(/\/s$/, ''));
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw new StartError(`--rate must be records a second, such as 200, not '${text}'`);
}

const helpText = `
lines: each line is a record. json: one value after the other, or the items of a list. csv: an object for each row,
by the names in the first one. file: a file is a record. records: lines as \`millrace tail --json\` writes them, with
their keys. By its name a file is json (.json, .ndjson, .jsonl) or csv (.csv); any other, and stdin, are lines, but for
a text that begins with [, which is a list.
What a limit refuses is put again until it is taken. A record may come twice if an answer gets lost on the way.
${placeHelp}

Exit code: 0 all was put, 1 some was refused, 2 it could not be asked.

Examples:
  $ echo '{"order": 1}' | millrace put orders
  $ millrace put flights flights.csv --key body.origin --rate 500/s
`;
