import { ObjectStoreError } from '../../env/object-store.ts';
import { StartError } from '../../env/start-error.ts';
import { archiveIn } from '../../server/archive/open-archive.ts';
import { nodeEnv } from '../../server/node-env.ts';
import { requireEmpty, restoreData } from './restore.ts';
import type { RestoreRequest } from './restore-command.ts';
import { RestoreProgress } from './restore-progress.ts';
import { restoreText } from './restore-text.ts';

/**
 * Restores on this machine, and answers what is to be said in the end. `show` is shown the state of things,
 * over and over. Rejects as `restoreData` does.
 */
export async function commandRestore(request: RestoreRequest, show: (line: string) => void): Promise<string> {
  const { archive, data, inArchive } = request;
  const to = nodeEnv({ data, logLevel: 'error' });
  const store = archiveIn(request, to);
  await requireEmpty(to, data);
  try {
    const restored = await restoreData({ store, to, progress: new RestoreProgress(show) }, inArchive);
    return restoreText(request, restored);
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    throw new StartError(`${archive} cannot be read: ${error.message}`, { cause: error });
  }
}
