import type { Clock, Millis } from '../env/clock.ts';
import type { ShardSight, SightsElsewhere } from '../services/lambda/mappings/mapping-sight.ts';
import type { Peers } from './peers.ts';

/** What a gateway tells of the shards of mappings that it runs. */
export type ToldSights = readonly (readonly [uuid: string, shards: readonly ShardSight[]])[];

/** Asks all other gateways that can be asked. */
export function sightsElsewhere(peers: Pick<Peers, 'links'>, clock: Pick<Clock, 'sleep'>): SightsElsewhere {
  return async (uuids) => {
    const over = new AbortController();
    const late = clock.sleep(patienceMs, over.signal).then(() => over.abort(null));
    const asked = peers.links.map(({ client }) => client.askUntil(over.signal, 'sights', uuids));
    const told = (await Promise.all(asked)).flatMap((answer) => answer ?? []);
    over.abort(null);
    await late;
    const sights = new Map<string, ShardSight[]>();
    for (const [uuid, shards] of told) sights.set(uuid, [...(sights.get(uuid) ?? []), ...shards]);
    return sights;
  };
}

/** One that stands still is not waited for longer: who looks at mappings looks again. */
const patienceMs: Millis = 1_000;
