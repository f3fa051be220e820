import type { Clock } from '../env/clock.ts';
import type { ShardSight, SightsElsewhere } from '../services/lambda/mappings/mapping-sight.ts';
import { askAll } from './ask-all.ts';
import type { Peers } from './peers.ts';

/** What a gateway tells of the shards of mappings that it runs. */
export type ToldSights = readonly (readonly [uuid: string, shards: readonly ShardSight[]])[];

/** Asks all other gateways that can be asked. */
export function sightsElsewhere(peers: Pick<Peers, 'links'>, clock: Pick<Clock, 'sleep'>): SightsElsewhere {
  return async (uuids) => {
    const told = await askAll(peers, clock, (client, signal) => client.askUntil(signal, 'sights', uuids));
    const sights = new Map<string, ShardSight[]>();
    for (const [uuid, shards] of told) sights.set(uuid, [...(sights.get(uuid) ?? []), ...shards]);
    return sights;
  };
}
