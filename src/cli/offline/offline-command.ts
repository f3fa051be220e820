import { Command } from 'commander';
import { secretPlace } from '../../env/secret-place.ts';
import { StartError } from '../../env/start-error.ts';
import type { BucketStyle } from '../../objects/open-object-store.ts';
import { s3StyleOption } from '../s3-style-option.ts';

/** What is asked for about a data directory that no server uses. */
export type OfflineRequest = {
  readonly directory: string;
  /** For machines; of a check only. */
  readonly json: boolean;
  /** Where to copy what is sound; undefined when it is only to be checked. */
  readonly to: string | undefined;
  /**
   * The source of the root key, to decrypt everything; undefined when checksums are enough, or a repair uses
   * that of the directory.
   */
  readonly rootKey?: string | undefined;
  /** The archive whose segments are checked, too, and the store it is in. */
  readonly archive?: string | undefined;
  readonly s3?: string | undefined;
  readonly s3Style?: BucketStyle | undefined;
};

/** The command `verify`. `asked` is told what is asked for; what makes no sense is a `StartError`. */
export function verifyCommand(asked: (request: OfflineRequest) => void): Command {
  const command = describeVerify();
  return command.action(() => asked(offlineRequest(command)));
}

/** The command `repair`, as above. */
export function repairCommand(asked: (request: OfflineRequest) => void): Command {
  const command = describeRepair();
  return command.action(() => asked(offlineRequest(command)));
}

/** What a parsed command asks for. */
function offlineRequest(command: Command): OfflineRequest {
  const options = command.opts<Partial<Omit<OfflineRequest, 'directory'>>>();
  const { rootKey, to, ...store } = options;
  if (rootKey !== undefined && !secretPlace.test(rootKey)) {
    throw new StartError(`--root-key must be file:PATH, env:NAME or command:COMMAND, not '${rootKey}'`);
  }
  return { ...store, directory: command.args[0]!, json: options.json === true, to, rootKey };
}

function describeVerify(): Command {
  return new Command('millrace verify')
    .description('Check a data directory that no server uses. Nothing in it is changed.')
    .argument('<directory>', 'what --data names for the server')
    .option('--json', 'print the report as JSON')
    .option(
      '--root-key <source>',
      'decrypt all that is encrypted, too: file:PATH, env:NAME or command:COMMAND',
    )
    .option('--archive <s3://bucket/prefix>', 'check what is in the archive, too')
    .option('--s3 <url>', 'where the bucket is (default: AWS_ENDPOINT_URL_S3); or file:///PATH')
    .addOption(s3StyleOption())
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', verifyHelp)
    .exitOverride();
}

function describeRepair(): Command {
  return new Command('millrace repair')
    .description('Copy what is sound of a damaged data directory to a new one. The old one is not changed.')
    .argument('<directory>', 'the damaged directory; no server may use it')
    .requiredOption('--to <directory>', 'the new directory; made when missing, must be empty')
    .option(
      '--root-key <source>',
      'the root key, where it is not in the directory: file:PATH, env:NAME or command:COMMAND',
    )
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', repairHelp)
    .exitOverride();
}

const verifyHelp = `
Every segment is read from its first byte to its last: checksums, the chain from frame to frame and from file to
file, offsets, arrival times, indexes, and whether the catalog and the logs agree. Each finding is a line:

  damage  something is not as it was written; which records are lost follows
  torn    what a crash leaves: never acknowledged as far as can be told, and cut off by the next start
  note    a file that is not Millrace's

Exit code: 0 clean (what is torn is clean), 1 damaged, 2 cannot be checked.

With --root-key every frame that a key of the built-in KMS encrypts is decrypted, and so is what DynamoDB and
CloudWatch keep; what is missing is said. Without it, these are checked by their checksums alone.

Example:
  $ millrace verify ./millrace-data
  $ millrace verify ./millrace-data --root-key file:./millrace-data/root-key
`;

const repairHelp = `
Sound logs are copied byte by byte. Of a damaged one, each shard is copied up to its first record that is missing.
A shard that lost its last records is closed there, and a new shard takes its place and its hash keys, so that no
sequence number is ever given to a second record. Consumers go on from the one to the other, as after a split.
Of damaged tables of DynamoDB, all that can be read is copied, which takes the root key.
What is not in the copy is printed. Keep the old directory until you do not want it any more.

Exit code: 0 copied, with or without losses; 2 refused, or it could not be done.

Example:
  $ millrace repair ./millrace-data --to ./millrace-data-repaired
  $ millrace serve --data ./millrace-data-repaired
`;
