import { StartError } from '../../env/start-error.ts';
import type { ArchiveToRead } from '../../log/embedded/verify/stream-files.ts';
import { archiveIn } from '../../server/archive/open-archive.ts';
import { type NodeEnv, nodeEnv } from '../../server/node-env.ts';
import { defaultOptions } from '../../server/options.ts';
import type { CommandWorld } from '../command-world.ts';
import { failureLine } from '../failure.ts';
import { StatusLine } from '../status-line.ts';
import { type Outcome, runOffline } from './offline.ts';
import type { OfflineRequest } from './offline-command.ts';

/** Checks or repairs a data directory; answers the exit code. 1 is for damage that was found. */
export async function commandOffline(
  request: OfflineRequest,
  { out, progress }: CommandWorld,
): Promise<number> {
  const { text, exitCode } = await look(request, progress);
  await out.write(text);
  return exitCode;
}

async function look(request: OfflineRequest, progress: CommandWorld['progress']): Promise<Outcome> {
  using status = new StatusLine(progress);
  const onProgress = (path: string, bytes: number) =>
    status.show(`${path} (${bytes.toLocaleString('en')} bytes)`);
  const worldOf = (data: string) => nodeEnv({ data, logLevel: 'error' });
  try {
    const archive = archiveToRead(request, worldOf(request.directory));
    return await runOffline(request, worldOf, onProgress, archive);
  } catch (error) {
    const line = failureLine(error, { ...defaultOptions, data: request.directory });
    throw new StartError(line, { cause: error });
  }
}

/** What a check reads besides the directory. */
function archiveToRead({ archive, s3, s3Style }: OfflineRequest, world: NodeEnv): ArchiveToRead | undefined {
  if (archive === undefined) return undefined;
  return { store: archiveIn({ archive, s3, s3Style }, world), clock: world.clock };
}
