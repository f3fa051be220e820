import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../harness/shard-text.ts';
import { type Engine, type Records, UnavailableError } from '../../src/log/log.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { TestCluster, type TestGateway } from './test-cluster.ts';

// What becomes of a call when the gateway that owns its shard goes, at each step.

const plenty = { from: 0, since: 0, limit: { records: 100, bytes: 1_000_000 } };

/** An engine in which calls wait until the test lets them go on. */
class Gate {
  readonly #waiting: (() => void)[] = [];
  isOpen = false;

  before(engine: Engine): Records {
    const wait = async () => {
      if (!this.isOpen) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    };
    return {
      append: async (...call) => wait().then(() => engine.append(...call)),
      read: async (...call) => wait().then(() => engine.read(...call)),
      seek: async (...call) => wait().then(() => engine.seek(...call)),
      position: async (...call) => wait().then(() => engine.position(...call)),
      grown: (...call) => engine.grown(...call),
    };
  }

  async reached(): Promise<void> {
    while (this.#waiting.length === 0) await settled();
  }

  open(): void {
    this.isOpen = true;
    for (const go of this.#waiting) go();
  }
}

/** Three gateways with gates before their engines, and a shard that the second owns. */
async function start() {
  const cluster = await TestCluster.of(0);
  const gates = [0, 1, 2].map(() => new Gate());
  for (const [nth, gate] of gates.entries())
    await cluster.add(`gateway-${nth}`, (engine) => gate.before(engine));
  await cluster.connected();
  const [front, owner] = cluster.gateways as [TestGateway, TestGateway];
  gates[0]!.open();
  gates[2]!.open();
  await front.client.call('CreateStream', { StreamName: 's', ShardCount: 20 });
  await front.client.active('s');
  const [stream] = [...cluster.control.catalog.state.streams.values()];
  const shards = Array.from({ length: 20 }, (_, shard) => ({ stream: stream!.id, shard }));
  const key = shards.find(({ stream, shard }) => owner.peers.ownerOf(`${stream}/${shard}`).isOurs)!;
  return { cluster, front, owner, gate: gates[1]!, key };
}

test('an append whose owner goes before it has answered is not appended again', async () => {
  const { cluster, front, owner, gate, key } = await start();
  await using _ = cluster;
  const appended = front.records.append(key, batchOf('once'));
  await gate.reached();
  owner.kill();
  await assert.rejects(appended, UnavailableError);
  assert.equal((await cluster.engine.position(key)).end, 0);
  // What the owner had begun turns up, once.
  gate.open();
  while ((await cluster.engine.position(key)).end === 0) await settled();
  assert.equal((await cluster.engine.position(key)).end, 1);
});

test('once an owner is gone its shards are served by whoever is asked, at once', async () => {
  const { cluster, front, owner, key } = await start();
  await using _ = cluster;
  owner.kill();
  await settled();
  assert.deepEqual((await front.records.append(key, batchOf('here'))).first, 0);
  cluster.expire(owner);
  assert.deepEqual((await front.records.append(key, batchOf('still here'))).first, 1);
});

test('what only reads is asked again here when its owner goes meanwhile', async () => {
  const { cluster, front, owner, gate, key } = await start();
  await using _ = cluster;
  await cluster.engine.append(key, batchOf('a', 'b'));
  const asked = Promise.all([
    front.records.read(key, plenty),
    front.records.seek(key, 0),
    front.records.position(key),
  ]);
  await gate.reached();
  owner.kill();
  const [{ batches, end }, first, position] = await asked;
  assert.deepEqual([batches[0]!.count, end, first, position.end], [2, 2, 0, 2]);
});

test('a wait for growth ends when its owner goes, so that another is begun', async () => {
  const { cluster, front, owner, key } = await start();
  await using _ = cluster;
  const never = new AbortController().signal;
  const grown = front.records.grown(key, 0, never);
  await settled();
  owner.kill();
  await grown;
  const again = front.records.grown(key, 0, never);
  await cluster.engine.append(key, batchOf('x'));
  await again;
});

test('an owner that is cut off from one gateway is asked by the others, and by that one again later', async () => {
  const { cluster, front, owner, gate, key } = await start();
  await using _ = cluster;
  gate.open();
  const third = cluster.gateways[2]!;
  cluster.network.cut(front.member.id, owner.member.id);
  await settled();
  assert.equal(front.peers.linkTo(owner.member), undefined);
  assert.notEqual(third.peers.linkTo(owner.member), undefined);
  const firsts = [];
  for (const { records } of [front, owner, third])
    firsts.push((await records.append(key, batchOf('x'))).first);
  assert.deepEqual(firsts, [0, 1, 2]);
  cluster.network.heal(front.member.id, owner.member.id);
  await cluster.clock.advance(1_000);
  await cluster.connected();
});

test('an owner that stands still holds up calls until it is given up, and what it was asked may turn up', async () => {
  const { cluster, front, owner, gate, key } = await start();
  await using _ = cluster;
  gate.open();
  cluster.network.pause(owner.member.id);
  const appended = front.records.append(key, batchOf('lost'));
  await settled();
  cluster.network.giveUp(owner.member.id);
  await assert.rejects(appended, UnavailableError);
  assert.equal((await front.records.append(key, batchOf('next'))).first, 0);
  cluster.network.resume(owner.member.id);
  await cluster.clock.advance(1_000);
  await cluster.connected();
  // The connection on which it came was given up.
  assert.equal((await cluster.engine.position(key)).end, 1);
});

test('another process at the address of a gateway is not taken for it', async () => {
  const { cluster, front, owner } = await start();
  await using _ = cluster;
  owner.kill();
  await settled();
  cluster.membership.set([{ ...owner.member, id: 'gateway-9' }, ...cluster.membership.live.slice(0, 1)]);
  const { address } = owner.member;
  let heard = 0;
  const identity = { member: 'gateway-8', key: '', certificate: '', authority: 'ours' };
  await cluster.network.of(owner.member.id).listen(address, identity, (port) => {
    heard += 1;
    port.listen(() => assert.fail('it was asked something'));
  });
  for (let turn = 0; turn < 50; turn++) await settled();
  assert.ok(heard > 0);
  assert.equal(front.peers.linkTo({ ...owner.member, id: 'gateway-9' }), undefined);
});

test('an owner that is there and does not get through to the log holds up no more than the first appends', async () => {
  const { cluster, front, gate, key } = await start();
  await using _ = cluster;
  const stuck = front.records.append(key, batchOf('stuck'));
  await gate.reached();
  await cluster.clock.advance(1_000);
  let first: number | undefined;
  const past = front.records.append(key, batchOf('past it')).then((appended) => {
    first = appended.first;
  });
  for (let turn = 0; turn < 100 && first === undefined; turn++) await settled();
  gate.open();
  await past;
  assert.equal(first, 0);
  assert.deepEqual((await stuck).first, 1);
});
