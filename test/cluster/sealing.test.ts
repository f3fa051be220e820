import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaseMs } from '../../src/cluster/lease.ts';
import { encodeBatch, recordsOf } from '../../src/kinesis/record.ts';
import { openKafkaLog } from '../../src/log/kafka/kafka-log.ts';
import { type Engine, SealedError, UnavailableError } from '../../src/log/log.ts';
import { type Gateway, Gateways } from './gateways.ts';
import { Stage } from './stage.ts';

const key = { stream: 'orders', shard: 0 };
const hourMs = 3_600_000;

function engineOf({ client, clock, cluster: { places } }: Gateway): Engine {
  return openKafkaLog({ client, clock, places, cluster: 'test' });
}

function batchOf(text: string) {
  return encodeBatch([{ partitionKey: 'key', data: Buffer.from(text) }]);
}

/** All that the shard has, by offset. */
async function contents(engine: Engine): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const { end } = await engine.position(key);
  for (let from = 0; from < end; ) {
    const limit = { records: 100, bytes: 1 << 20 };
    const { batches } = await engine.read(key, { from, since: Number.NEGATIVE_INFINITY, limit });
    if (batches.length === 0) break;
    for (const batch of batches) {
      for (const { offset, data } of recordsOf(batch)) found.set(offset, Buffer.from(data).toString());
      from = batch.first + batch.count;
    }
  }
  return found;
}

/**
 * Gateways write to a shard and seal it, all at once, while each may stand still or lose its connections at
 * any step. Answers how often appends were acknowledged and refused.
 */
async function play(seed: number) {
  const gateways = new Gateways();
  const stage = new Stage(seed, gateways.clock);
  const all: Gateway[] = [];
  const rates = [1, 1.005, 0.995];
  for (const [actor, rate] of rates.entries()) {
    all.push(await stage.run(gateways.open({ rate, step: () => stage.turn(actor) })));
  }
  const engines = all.map(engineOf);
  await stage.run(engines[0]!.prepare('orders', { shards: [0], retention: 24 * hourMs }));
  const acknowledged = new Map<number, string>();
  const refused: string[] = [];
  const seals: number[] = [];

  const write = async (engine: Engine, actor: number, writer: number) => {
    for (let count = 0; count < 12; count++) {
      const text = `${actor}/${writer}/${count}`;
      await stage.turn(actor);
      try {
        const { first } = await engine.append(key, batchOf(text));
        acknowledged.set(first, text);
      } catch (error) {
        if (error instanceof SealedError) refused.push(text);
        else assert.ok(error instanceof UnavailableError, String(error));
      }
    }
  };
  const seal = async (engine: Engine, actor: number) => {
    for (let left = stage.random.below(30); left > 0; left--) await stage.turn(actor);
    for (let left = 20; left > 0; left--) {
      try {
        seals.push(await engine.seal(key));
        return;
      } catch (error) {
        assert.ok(error instanceof UnavailableError, String(error));
        await stage.turn(actor);
      }
    }
  };
  const mischief = () => {
    const actor = stage.random.below(all.length);
    const dice = stage.random.below(9);
    if (dice < 3) stage.resume();
    else if (dice < 5) stage.pause(actor);
    const isCutOff = stage.isOneIn(8);
    for (const [index, gateway] of all.entries()) gateway.isCutOff = isCutOff && index === actor;
  };
  const work = [
    ...engines.flatMap((engine, actor) => [write(engine, actor, 0), write(engine, actor, 1)]),
    ...engines.slice(0, 2).map(seal),
  ];
  await stage.run(Promise.all(work), mischief);

  for (const gateway of all) gateway.isCutOff = false;
  stage.resume();
  const late = engineOf(await stage.run(gateways.open()));
  const end = await stage.run(late.seal(key));
  const found = await stage.run(contents(late));
  for (const [offset, text] of acknowledged) assert.equal(found.get(offset), text, `seed ${seed}`);
  for (const text of refused) assert.ok(![...found.values()].includes(text), `seed ${seed}`);
  for (const other of seals) assert.equal(other, end, `seed ${seed}`);
  for (const engine of engines) {
    assert.equal(await stage.run(engine.seal(key)), end);
    assert.deepEqual(await stage.run(contents(engine)), found);
  }
  return { acknowledged: acknowledged.size, refused: refused.length };
}

test('nothing acknowledged is behind the seal, whoever stands still and whoever seals', async () => {
  let acknowledged = 0;
  let refused = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const outcome = await play(seed);
    acknowledged += outcome.acknowledged;
    refused += outcome.refused;
  }
  // It says something: there are many of both.
  assert.ok(acknowledged > 300, String(acknowledged));
  assert.ok(refused > 100, String(refused));
});

test('a shard is sealed at once when all gateways answer', async () => {
  const gateways = new Gateways();
  const [one, two] = [await gateways.open(), await gateways.open()];
  const [writer, sealer] = [engineOf(one), engineOf(two)];
  await writer.append(key, batchOf('first'));
  const before = gateways.clock.monotonic();
  assert.equal(await sealer.seal(key), 1);
  assert.equal(gateways.clock.monotonic(), before);
  await gateways.clock.advance(0);
  await assert.rejects(writer.append(key, batchOf('second')), SealedError);
});

test('a shard is sealed once the lease of a gateway that does not answer is over, and not before', async () => {
  const gateways = new Gateways();
  const [one, two] = [await gateways.open(), await gateways.open()];
  const [writer, sealer] = [engineOf(one), engineOf(two)];
  await writer.append(key, batchOf('first'));
  await gateways.clock.advance(0);
  one.crash();
  let seal: number | undefined;
  const sealed = sealer.seal(key).then((at) => {
    seal = at;
  });
  await gateways.clock.advance(leaseMs - 1);
  assert.equal(seal, undefined);
  await gateways.clock.advance(leaseMs / 100 + 1);
  assert.equal(seal, 1);
  await sealed;
});

test('an append that hangs holds a seal up for a second, and is decided by where it ends up', async () => {
  const gateways = new Gateways();
  const [one, two] = [await gateways.open(), await gateways.open()];
  const [writer, sealer] = [engineOf(one), engineOf(two)];
  await writer.append(key, batchOf('first'));
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  gateways.kafka.beforeAnswer = () => held;
  const hanging = writer.append(key, batchOf('second'));
  await gateways.clock.advance(0);
  gateways.kafka.beforeAnswer = async () => {};
  // The other one's appends are answered: its client is its own.
  let seal: number | undefined;
  const sealed = sealer.seal(key).then((at) => {
    seal = at;
  });
  await gateways.clock.advance(900);
  assert.equal(seal, undefined);
  await gateways.clock.advance(200);
  answer();
  await gateways.clock.advance(1_000);
  assert.equal(seal, 2);
  await sealed;
  assert.equal((await hanging).first, 1);
});
