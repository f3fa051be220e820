import { Command } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { archivePlaceIn } from '../../log/embedded/archive/object-names.ts';
import type { BucketStyle } from '../../objects/open-object-store.ts';
import { s3StyleOption } from '../s3-style-option.ts';

/** What is asked for about an archive. */
export type RestoreRequest = {
  readonly archive: string;
  readonly data: string;
  /** The URL of the store; undefined for that of AWS's variables. */
  readonly s3: string | undefined;
  readonly s3Style?: BucketStyle | undefined;
  /** Whether segments stay in the archive, which is then the new directory's. */
  readonly inArchive: boolean;
};

/** The command `restore`. `asked` is told what is asked for; what makes no sense is a `StartError`. */
export function restoreCommand(asked: (request: RestoreRequest) => void): Command {
  const command = new Command('millrace restore')
    .description('Make a data directory of what an archive holds.')
    .requiredOption('--archive <s3://bucket/prefix>', 'what --archive named for the server')
    .requiredOption('--data <directory>', 'the new directory; made when missing, must be empty')
    .option('--s3 <url>', 'where the bucket is (default: AWS_ENDPOINT_URL_S3); or file:///PATH')
    .addOption(s3StyleOption())
    .option('--in-archive', 'leave segments in the archive; the new directory takes it over')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', help)
    .exitOverride();
  return command.action(() => asked(requestOf(command)));
}

function requestOf(command: Command): RestoreRequest {
  const { archive, data, s3, s3Style, inArchive = false } = command.opts<RestoreRequest>();
  if (archivePlaceIn(archive) === undefined) {
    throw new StartError(`--archive must be s3://BUCKET or s3://BUCKET/PREFIX, not '${archive}'`);
  }
  return { archive, data, s3, s3Style, inArchive };
}

const help = `
The new directory holds the control plane, and what services keep, as they were when the newest generation in the
archive was made, and of each stream all records up to the last segment that was uploaded. What came after is not
in it. A shard that was open is closed there, and a new one takes its place and its hash keys, so that no sequence
number is ever given to a second record. Consumers go on from the one to the other, as after a split.

Without --in-archive every segment is copied to the disk, and the archive is not touched; the new directory needs
an archive of its own. With it only the newest segment of each stream is copied, the server is started with the
same --archive, and the server that had it before finds that it has it no more.

It takes the root key of the old directory, which is never in an archive: as the file root-key in the new one, or
by --root-key.

Exit code: 0 restored, 2 refused, or it could not be done.

Example:
  $ millrace restore --archive s3://backups/millrace --data ./millrace-restored
  $ cp root-key.backup ./millrace-restored/root-key
  $ millrace serve --data ./millrace-restored
`;
