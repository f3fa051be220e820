import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaseMs } from '../../src/cluster/lease.ts';
import { encodeBatch } from '../../src/kinesis/record.ts';
import { DamagedError, DroppedError } from '../../src/log/log.ts';
import { type Gateway, Gateways } from './gateways.ts';
import { Stage } from './stage.ts';

const stream = 'orders';
const topic = 'millrace.test.stream.orders';

function key(shard: number) {
  return { stream, shard };
}

function slotOf({ cluster: { places } }: Gateway, shard: number): number | undefined {
  return places.of(key(shard))?.partition;
}

/** Closes a shard and seals it at a mark, as an engine does. */
async function seal({ client, cluster: { places } }: Gateway, shard: number): Promise<number> {
  await places.close(key(shard));
  const { first } = await client.append(places.of(key(shard))!, { mark: 'seal' });
  return await places.seal(key(shard), first);
}

/** Forgets all that is in the slot of a shard. */
async function empty({ client, cluster: { places } }: Gateway, shard: number): Promise<void> {
  const place = places.of(key(shard))!;
  await client.trim(place, (await client.bounds(place)).end);
}

test('shards get slots of their own, all gateways know of them, and two more are ready', async () => {
  const gateways = new Gateways();
  const [one, two] = [await gateways.open(), await gateways.open()];
  await one.cluster.places.assign(stream, [0, 1, 2]);
  await two.cluster.places.current();
  const place = { topic, partition: 1, base: 0, seal: undefined, state: 'open', closing: undefined };
  assert.deepEqual(one.cluster.places.of(key(1)), place);
  assert.deepEqual(two.cluster.places.of(key(1)), place);
  assert.equal(gateways.kafka.topics.get(topic)?.partitions.length, 5);
  assert.deepEqual(two.cluster.places.streams(), [stream]);
});

test('a split waits for no partition to be made: that was done before', async () => {
  const gateways = new Gateways();
  const steps: string[] = [];
  const one = await gateways.open({
    step: async (what) => {
      steps.push(what);
    },
  });
  await one.cluster.places.assign(stream, [0]);
  await gateways.clock.advance(2_500);
  steps.length = 0;
  await one.cluster.places.assign(stream, [1, 2]);
  assert.ok(!steps.includes('ensureTopic'));
  await gateways.clock.advance(2_500);
  assert.equal(gateways.kafka.topics.get(topic)?.partitions.length, 5);
  steps.length = 0;
  await one.cluster.places.assign(stream, [3, 4, 5]);
  assert.ok(steps.includes('ensureTopic'));
  assert.equal(slotOf(one, 5), 5);
});

test('gateways that give the same shards places at the same time agree', async () => {
  for (let seed = 1; seed <= 25; seed++) {
    const gateways = new Gateways();
    const stage = new Stage(seed, gateways.clock);
    const all: Gateway[] = [];
    for (const actor of [0, 1, 2]) {
      all.push(await stage.run(gateways.open({ step: () => stage.turn(actor) })));
    }
    await stage.run(
      Promise.all([
        all[0]!.cluster.places.assign(stream, [0, 1, 2]),
        all[1]!.cluster.places.assign(stream, [2, 3, 4, 5]),
        all[2]!.cluster.places.assign(stream, [5, 6, 0]),
      ]),
    );
    for (const { cluster } of all) await stage.run(cluster.places.current());
    const shards = [0, 1, 2, 3, 4, 5, 6];
    const slots = shards.map((shard) => slotOf(all[0]!, shard));
    assert.equal(new Set(slots).size, 7, `seed ${seed}`);
    assert.ok(slots.every((slot) => slot! < gateways.kafka.topics.get(topic)!.partitions.length));
    for (const gateway of all)
      assert.deepEqual(
        shards.map((shard) => slotOf(gateway, shard)),
        slots,
      );
  }
});

test('a slot is used again once its shard has expired, behind all that ever was in it', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const { places } = one.cluster;
  await places.assign(stream, [0, 1]);
  const batch = encodeBatch([{ partitionKey: 'key', data: Buffer.from('data') }]);
  await one.client.append(places.of(key(0))!, batch);
  assert.equal(await seal(one, 0), 1);
  await one.client.append(places.of(key(0))!, batch);
  await empty(one, 0);
  await places.release(key(0));
  // What was under way all the time lands after that.
  await one.client.append({ topic, partition: 0 }, batch);
  await places.assign(stream, [2]);
  const { partition, base } = places.of(key(2))!;
  assert.equal(partition, 0);
  assert.equal(base, gateways.kafka.partition({ topic, partition: 0 }).end);
});

test('a slot of which something is left is not used again', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const { places } = one.cluster;
  await places.assign(stream, [0]);
  await places.release(key(0));
  assert.equal(places.of(key(0))?.state, 'open');
  await one.client.append(
    places.of(key(0))!,
    encodeBatch([{ partitionKey: 'key', data: Buffer.from('data') }]),
  );
  await seal(one, 0);
  await places.release(key(0));
  await places.assign(stream, [1]);
  assert.equal(slotOf(one, 1), 1);
  assert.equal(places.of(key(0))?.seal, 1);
});

test('a shard that has expired gets no place again, and stays sealed and empty', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const { places } = one.cluster;
  await places.assign(stream, [0]);
  await seal(one, 0);
  await empty(one, 0);
  await places.release(key(0));
  await places.release(key(0));
  await places.assign(stream, [0, 1]);
  assert.deepEqual(places.of(key(0)), { topic, partition: 0, base: 0, seal: 0, state: 'sealed' });
  assert.equal(slotOf(one, 1), 0);
});

test('the first seal is right, and others learn of it', async () => {
  const gateways = new Gateways();
  const [one, two] = [await gateways.open(), await gateways.open()];
  await one.cluster.places.assign(stream, [0]);
  await one.cluster.places.close(key(0));
  assert.equal(await one.cluster.places.seal(key(0), 7), 7);
  assert.equal(await two.cluster.places.seal(key(0), 3), 7);
  assert.equal(await one.cluster.places.seal(key(0), 9), 7);
});

test('a seal decides what a gateway did not know', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const { places } = one.cluster;
  await places.assign(stream, [0]);
  await places.close(key(0));
  assert.equal(places.verdict(key(0), 2), 'unknown');
  await places.seal(key(0), 2);
  assert.equal(places.verdict(key(0), 1), 'acknowledge');
  assert.equal(places.verdict(key(0), 2), 'sealed');
  await gateways.clock.advance(1);
  one.isCutOff = true;
  await gateways.clock.advance(leaseMs);
  assert.equal(places.verdict(key(0), 1), 'acknowledge');
});

test('what is under way when a shard closes is acknowledged until the gateway has given it up', async () => {
  const gateways = new Gateways();
  const [one, two] = [await gateways.open(), await gateways.open()];
  one.cluster.places.drainWith(() => new Promise(() => {}));
  await one.cluster.places.assign(stream, [0]);
  await gateways.clock.advance(1);
  let isClosed = false;
  const closed = two.cluster.places.close(key(0)).then(() => {
    isClosed = true;
  });
  await gateways.clock.advance(990);
  assert.equal(one.cluster.places.of(key(0))?.state, 'closing');
  assert.equal(one.cluster.places.verdict(key(0), 0), 'acknowledge');
  assert.equal(isClosed, false);
  await gateways.clock.advance(20);
  assert.equal(one.cluster.places.verdict(key(0), 0), 'unknown');
  assert.equal(isClosed, true);
  await closed;
});

test('a lease that was renewed after a shard began to close does not count for it', async () => {
  const gateways = new Gateways();
  const [one, two] = [await gateways.open(), await gateways.open()];
  one.cluster.places.drainWith(() => new Promise(() => {}));
  await one.cluster.places.assign(stream, [0, 1]);
  await gateways.clock.advance(1);
  one.isCutOff = true;
  await gateways.clock.advance(1);
  const closed = two.cluster.places.close(key(0));
  await gateways.clock.advance(leaseMs * 1.01);
  await closed;
  one.isCutOff = false;
  // Long enough to hear of all, and too short to give up what is under way.
  for (let waitedMs = 0; one.cluster.places.of(key(0))?.state === 'open'; waitedMs += 10) {
    assert.ok(waitedMs < 5_000);
    await gateways.clock.advance(10);
    assert.equal(one.cluster.places.verdict(key(0), 0), 'unknown');
  }
  await gateways.clock.advance(0);
  while (one.cluster.places.verdict(key(1), 0) !== 'acknowledge') await gateways.clock.advance(10);
  assert.equal(one.cluster.places.verdict(key(0), 0), 'unknown');
});

test('a stream that was dropped is gone for all, with its topic', async () => {
  const gateways = new Gateways();
  const [one, two] = [await gateways.open(), await gateways.open()];
  await one.cluster.places.assign(stream, [0]);
  await one.cluster.places.drop(stream);
  assert.equal(gateways.kafka.topics.has(topic), false);
  await one.cluster.places.drop(stream);
  await two.cluster.places.current();
  assert.throws(() => two.cluster.places.of(key(0)), DroppedError);
  assert.throws(() => two.cluster.places.verdict(key(0), 0), DroppedError);
  await assert.rejects(two.cluster.places.assign(stream, [0, 1]), DroppedError);
  assert.deepEqual(two.cluster.places.streams(), []);
  assert.equal(gateways.kafka.topics.has(topic), false);
});

test('who has the duty removes the topic of a stream whose dropper did not get to it', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const two = await gateways.open({
    step: async (what) => {
      if (what === 'deleteTopic') await new Promise(() => {});
    },
  });
  await one.cluster.places.assign(stream, [0]);
  await gateways.clock.advance(0);
  const dropped = two.cluster.places.drop(stream);
  await gateways.clock.advance(1_000);
  assert.equal(gateways.kafka.topics.has(topic), true);
  two.crash();
  await gateways.clock.advance(20_000);
  assert.equal(gateways.kafka.topics.has(topic), false);
  assert.equal((await gateways.state()).dropped.get(stream)?.closing, undefined);
  assert.ok(dropped instanceof Promise);
});

test('a gateway that makes a topic after the stream was dropped removes it again', async () => {
  const gateways = new Gateways();
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const one = await gateways.open();
  const two = await gateways.open({
    step: async (what) => {
      if (what === 'ensureTopic') await held;
    },
  });
  const assigned = assert.rejects(two.cluster.places.assign(stream, [0]), DroppedError);
  await gateways.clock.advance(0);
  await one.cluster.places.drop(stream);
  goOn();
  await assigned;
  assert.equal(gateways.kafka.topics.has(topic), false);
});

test('a topic that somebody else made anew is not taken for the old one', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  await one.cluster.places.assign(stream, [0]);
  const known = gateways.kafka.topics.get(topic)!;
  gateways.kafka.topics.set(topic, { ...known, description: { ...known.description, id: 'another' } });
  await assert.rejects(one.cluster.places.assign(stream, [1, 2, 3, 4]), DamagedError);
});
