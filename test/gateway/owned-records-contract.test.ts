import assert from 'node:assert/strict';
import { MemoryPeers } from '../../harness/memory-peers.ts';
import type { Member } from '../../src/cluster/members.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import type { PeerIdentity, PeerNetwork } from '../../src/env/peers.ts';
import { OwnedRecords } from '../../src/gateway/owned-records.ts';
import { Peers } from '../../src/gateway/peers.ts';
import { nodePeers } from '../../src/http/peers/node-peers.ts';
import { EncryptedRecords } from '../../src/log/encrypted-records.ts';
import type { Records } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { identityIn } from '../http/peers/cluster.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { recordsContract } from '../log/contract.ts';
import { TestKeys } from '../log/test-keys.ts';
import { TestClock } from '../log/world.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { OwnerWithWorkers } from './owner-with-workers.ts';
import { TestMembership } from './test-cluster.ts';

// A shard of the suite is owned by another gateway, others by this one, so both ways are taken.

recordsContract('records of three gateways', () => begun(inMemory(), (records) => records));

recordsContract('records of three gateways over TLS, encrypted in one of them', async () => {
  const keys = new TestKeys();
  keys.renew();
  const tested = await begun(overTls(), (records) => new EncryptedRecords(records, keys));
  return { ...tested, bytesAdded: 32 };
});

type Network = {
  readonly of: (id: string) => PeerNetwork;
  readonly identity: (id: string) => Promise<PeerIdentity>;
};

function inMemory(): Network {
  const network = new MemoryPeers(nodeClock);
  const identity = async (member: string) => ({ member, key: '', certificate: '', authority: 'ours' });
  return { of: (id) => network.of(id), identity };
}

function overTls(): Network {
  const network = nodePeers({ clock: nodeClock, random: nodeRandom(), logger: silentLogger });
  return { of: () => network, identity: (id) => identityIn('ours', id) };
}

async function begun(network: Network, above: (records: Records) => Records) {
  const clock = new TestClock();
  const engine = openMemoryLog(clock);
  // For its catalog alone.
  const server = await OwnerWithWorkers.of(0);
  await server.catalog.commit(() =>
    ['stream', 'kept'].map((id) => ({
      kind: 'stream-created',
      stream: { ...sampleStream(3), name: id, id },
    })),
  );
  const membership = new TestMembership();
  const gateways = await Promise.all(['one', 'two', 'three'].map((id) => opened(network, id)));
  membership.set(gateways.map(({ member }) => member));
  const { catalog, load, subscriptions } = server;
  const asked = { clock: nodeClock, catalog, load, subscriptions, log: engine, call: unasked, page: unasked };
  for (const { member, peers } of gateways) peers.begin(membership.as(member), asked);
  // Nearly all of the suite is about this shard.
  const front = gateways.find(({ peers }) => !peers.ownerOf('stream/0').isOurs)!;
  const others = gateways.filter((gateway) => gateway !== front);
  while (!others.every(({ member }) => front.peers.linkTo(member))) await settled();
  return {
    clock,
    engine,
    records: above(new OwnedRecords(front.peers, engine, nodeClock)),
    async [Symbol.asyncDispose]() {
      for (const { peers } of gateways) await peers[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await engine.close();
    },
  };
}

async function unasked(): Promise<never> {
  assert.fail('nobody asks for this');
}

async function opened(network: Network, id: string): Promise<{ member: Member; peers: Peers }> {
  const identity = await network.identity(id);
  const world = { clock: nodeClock, logger: silentLogger, identity: async () => identity };
  const peers = await Peers.listen('127.0.0.1:0', { ...world, network: network.of(id) });
  return { member: { id, address: peers.address, rack: 'az1' }, peers };
}
