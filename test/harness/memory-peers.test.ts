import { MemoryPeers } from '../../harness/memory-peers.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { peersContract } from '../env/peers-contract.ts';

peersContract('memory', async () => {
  const peers = new MemoryPeers(nodeClock);
  return {
    one: peers.of('one'),
    other: peers.of('other'),
    address: 'other:0',
    identity: async (cluster, member) => ({ member, key: '', certificate: '', authority: cluster }),
  };
});
