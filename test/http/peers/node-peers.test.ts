import { silentLogger } from '../../../src/env/logger.ts';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { nodePeers } from '../../../src/http/peers/node-peers.ts';
import { peersContract } from '../../env/peers-contract.ts';
import { identityIn } from './cluster.ts';

peersContract('HTTP/2 over TLS', async () => {
  const network = nodePeers({ clock: nodeClock, logger: silentLogger });
  return { one: network, other: network, address: '127.0.0.1:0', identity: identityIn };
});
