import { nodeClock } from '../../../src/env/node-clock.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import type { PeerIdentity } from '../../../src/env/peers.ts';
import { ClusterAuthority } from '../../../src/http/tls/cluster-authority.ts';

/** What a gateway of the cluster with this secret shows. */
export function identityIn(secret: string, member: string): Promise<PeerIdentity> {
  const world = { clock: nodeClock, random: nodeRandom() };
  return new ClusterAuthority(Buffer.alloc(32, secret), member, world).identity();
}
