import { ObjectStoreError } from '../../env/object-store.ts';
import { StartError } from '../../env/start-error.ts';
import { archiveIn } from '../../server/archive/open-archive.ts';
import { nodeEnv } from '../../server/node-env.ts';
import type { CommandWorld } from '../command-world.ts';
import { aboutData } from '../failure.ts';
import { StatusLine } from '../status-line.ts';
import { requireEmpty, restoreData } from './restore.ts';
import type { RestoreRequest } from './restore-command.ts';
import { RestoreProgress } from './restore-progress.ts';
import { restoreText } from './restore-text.ts';

/** Restores on this machine; answers the exit code. Rejects as `restoreData` does. */
export async function commandRestore(request: RestoreRequest, world: CommandWorld): Promise<number> {
  await world.out.write(await aboutData(request.data, restored(request, world)));
  return 0;
}

async function restored(request: RestoreRequest, { progress }: CommandWorld): Promise<string> {
  using status = new StatusLine(progress);
  const { archive, data, inArchive } = request;
  const to = nodeEnv({ data, logLevel: 'error' });
  const store = archiveIn(request, to);
  await requireEmpty(to, data);
  const told = new RestoreProgress((line) => status.show(line));
  try {
    return restoreText(request, await restoreData({ store, to, progress: told }, inArchive));
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    throw new StartError(`${archive} cannot be read: ${error.message}`, { cause: error });
  }
}
