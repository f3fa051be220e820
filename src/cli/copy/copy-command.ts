import { Command } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { requirePlace } from '../online.ts';
import type { CopyRequest } from './copy-request.ts';

type Options = {
  readonly from?: string;
  readonly to?: string;
  readonly as?: string;
  readonly state?: string;
  readonly fromProfile?: string;
  readonly toProfile?: string;
  readonly follow?: boolean;
};

/** The command `copy`. `asked` is told what is asked for; what makes no sense is a `StartError`. */
export function copyCommand(asked: (request: CopyRequest) => void): Command {
  return new Command('millrace copy')
    .description(
      'Copies a stream with its history from one endpoint to another, each partition key in order.',
    )
    .argument('<stream>', 'the name of the stream at the source')
    .requiredOption('--from <place>', 'the source: a URL, unix:PATH, or aws:REGION')
    .requiredOption('--to <place>', 'the target, in the same way')
    .option('--as <name>', 'its name at the target (default: the same)')
    .option('--state <file>', 'where it is noted how far it came (default: ./millrace-copy-<stream>.json)')
    .option('--from-profile <name>', 'whose credentials to use at the source')
    .option('--to-profile <name>', 'whose credentials to use at the target')
    .option('--follow', 'go on with what arrives, until it is told to end')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((stream: string, options: Options) => asked(requestOf(stream, options)));
}

function requestOf(stream: string, options: Options): CopyRequest {
  const { from = '', to = '', as = stream, state, fromProfile, toProfile, follow = false } = options;
  for (const name of [stream, as]) {
    if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(name)) throw new StartError(`'${name}' is no name of a stream`);
  }
  for (const [flag, place] of Object.entries({ from, to })) requirePlace(flag, place);
  if (from === to && as === stream) throw new StartError('source and target are the same stream');
  return {
    from: { endpoint: from, profile: fromProfile },
    to: { endpoint: to, profile: toProfile },
    ...{ stream, as, follows: follow },
    state: state ?? `millrace-copy-${as}.json`,
  };
}

const helpText = `
The stream is made at the target if it is not there, with as many shards, the retention and the tags of the
source. Records keep their bytes, their partition keys and, of each key, their order; sequence numbers and arrival
times are the target's.
What is interrupted goes on where it was, without a record twice, as long as nobody else puts to the target.
Credentials are those of the profiles, or of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.

Exit code: 0 all was copied, 1 refused, 2 an end could not be asked.

Examples:
  $ millrace copy orders --from aws:eu-west-1 --to http://127.0.0.1:4567
  $ millrace copy orders --from http://127.0.0.1:4567 --to https://gateway.example.com:4567 --follow
`;
