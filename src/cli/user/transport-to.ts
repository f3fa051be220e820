import { namesIn } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import { nodeEnv } from '../../server/node-env.ts';
import { defaultOptions } from '../../server/options.ts';
import { variableOf } from '../../server/settings.ts';
import { type PlaceWorld, placeAt } from '../aws-place.ts';
import type { IamTransport } from './iam-client.ts';
import { offlineTransport } from './offline-transport.ts';
import { onlineTransport } from './online-transport.ts';
import type { UserPlace } from './user-request.ts';

/**
 * The way to the users of a place. Rejects with `StartError` when there is none. A data directory that is not
 * there is made when `mayMake` says so.
 */
export async function transportTo(
  place: UserPlace,
  world: PlaceWorld,
  mayMake: boolean,
): Promise<IamTransport> {
  const { data, account = defaultOptions.account } = place;
  if (data === undefined)
    return onlineTransport(await placeAt(place, world, 'iam'), world.client, world.clock);
  const env = nodeEnv({ data, logLevel: 'error' });
  if (!mayMake && (await namesIn(env.disk, '.')).length === 0)
    throw new StartError(`there is no data directory ${data}`);
  const rootKey = place.rootKey ?? world.surroundings.variables[variableOf('root-key')];
  return await offlineTransport({ data, account, rootKey }, env);
}
