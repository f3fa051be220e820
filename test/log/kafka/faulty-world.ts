import assert from 'node:assert/strict';
import type { Strike } from '../../../harness/kafka/fake-connection.ts';
import type { Millis } from '../../../src/env/clock.ts';
import { KafkaError } from '../../../src/env/kafka.ts';
import { UnavailableError } from '../../../src/log/kafka/client.ts';
import { OverloadedError } from '../../../src/log/log.ts';
import { batchOf, KafkaWorld, type TestClient, topic } from './world.ts';

type Outcome =
  | { readonly kind: 'stored'; readonly first: number; readonly arrival: number }
  | { readonly kind: 'unknown' | 'refused' };

type Sent = { readonly partition: number; readonly texts: readonly string[]; outcome: Outcome | undefined };

const partitions = 3;

/** How late a caller may be told that its time is over. */
const sweepMs: Millis = 250;

export type Tally = Record<Outcome['kind'], number>;

/**
 * Appends to a few partitions of a cluster while its brokers are killed, paused, cut off and slow, and
 * connections drop; then all is made whole, and what is there is compared with what was answered.
 */
export async function appendUnderFaults(seed: number): Promise<Tally> {
  const world = new KafkaWorld(seed);
  return world.run(async () => {
    const deliveryMs: Millis = 10_000;
    const client = await world.client({ deliveryMs, requestsMax: world.random.between(1, 3) });
    await world.makeTopic(client.brokers, partitions);
    const mischief = new Mischief(world);
    const sent: Sent[] = [];
    const answers: Promise<void>[] = [];
    for (let round = 0; round < 60; round++) {
      if (world.random.chance(0.3)) mischief.happen();
      for (let count = world.random.below(4); count > 0; count--)
        answers.push(append(world, client, deliveryMs, sent));
      await world.scheduler.sleep(world.random.real(0, world.random.chance(0.2) ? 3000 : 50));
    }
    world.cluster.heal();
    await Promise.all(answers);
    await Promise.all([0, 1, 2].map((partition) => client.producer.settled({ topic, partition })));
    // Afterwards everything goes on by itself.
    for (let partition = 0; partition < partitions; partition++) await appendAgain(world, client, partition);
    await compare(world, client, sent);
    return tallyOf(sent);
  });
}

/**
 * The same with outages of all that is needed, which last longer than an append waits for its answer, and
 * with a client that is disposed of at the end: now while nothing works, now when everything does again.
 */
export async function appendThroughOutages(seed: number): Promise<Tally> {
  const world = new KafkaWorld(seed);
  const { random, scheduler } = world;
  return world.run(async () => {
    const deliveryMs: Millis = random.pick([300, 1_000, 2_000]);
    const client = await world.client({ deliveryMs, requestsMax: random.between(1, 3) });
    await world.makeTopic(client.brokers, partitions);
    const mischief = new Mischief(world);
    const sent: Sent[] = [];
    const answers: Promise<void>[] = [];
    const some = async () => {
      for (let round = random.below(8); round > 0; round--) {
        for (let count = random.below(4); count > 0; count--)
          answers.push(append(world, client, deliveryMs, sent));
        await scheduler.sleep(random.chance(0.3) ? random.real(0, 2 * deliveryMs) : random.real(0, 20));
      }
    };
    for (let outage = random.between(2, 5); outage > 0; outage--) {
      await some();
      mischief.takeDown();
      await some();
      if (random.chance(0.7)) await scheduler.sleep(random.real(0, 4 * deliveryMs));
      await some();
      if (random.chance(0.3)) mischief.happen();
      else world.cluster.heal();
    }
    await some();
    const isDown = random.chance(0.3);
    if (!isDown) {
      world.cluster.heal();
      for (let partition = 0; partition < partitions; partition++) {
        await appendAgain(world, client, partition);
      }
      await some();
    }
    const begin = scheduler.time;
    await client.producer[Symbol.asyncDispose]();
    assert.ok(scheduler.time - begin <= deliveryMs + sweepMs, 'a client ends when all was answered');
    await Promise.all(answers);
    world.cluster.heal();
    // What is still under way may come to its end.
    await scheduler.sleep(30_000);
    await compare(world, client, sent);
    return tallyOf(sent);
  });
}

async function append(
  world: KafkaWorld,
  { producer }: TestClient,
  deliveryMs: Millis,
  sent: Sent[],
): Promise<void> {
  const partition = world.random.below(partitions);
  const texts = Array.from({ length: world.random.between(1, 5) }, (_, index) => `${sent.length}.${index}`);
  const one: Sent = { partition, texts, outcome: undefined };
  sent.push(one);
  const begin = world.scheduler.time;
  try {
    const { first, arrival } = await producer.append({ topic, partition }, batchOf(...texts));
    one.outcome = { kind: 'stored', first, arrival };
  } catch (error) {
    const isUnknown = error instanceof UnavailableError;
    assert.ok(isUnknown || error instanceof KafkaError || error instanceof OverloadedError, `${error}`);
    one.outcome = { kind: isUnknown ? 'unknown' : 'refused' };
  }
  assert.ok(world.scheduler.time - begin <= deliveryMs + sweepMs, 'an append was answered in time');
}

/** Brokers that come again need a while to find out who is there. */
async function appendAgain(world: KafkaWorld, { producer }: TestClient, partition: number): Promise<void> {
  const { scheduler } = world;
  for (const until = scheduler.time + 60_000; scheduler.time < until; ) {
    try {
      await producer.append({ topic, partition }, { mark: 'end' });
      return;
    } catch (error) {
      assert.ok(error instanceof UnavailableError, `${error}`);
    }
  }
  throw new Error(`Partition ${partition} takes nothing any more, ${scheduler.time} ms into the world.`);
}

/**
 * With the client that has appended: it knows the latest leaders. A new one may ask a leader that was deposed
 * while it stood still, and be told what there was then.
 */
async function compare(world: KafkaWorld, reader: TestClient, sent: readonly Sent[]): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    const read = await world.read(reader, partition);
    const offsets = new Map<string, number>();
    for (const [offset, text] of read) {
      assert.ok(!offsets.has(text), `${text} is there twice`);
      offsets.set(text, offset);
    }
    let last = -1;
    for (const { texts, outcome } of sent.filter((one) => one.partition === partition)) {
      const places = texts.map((text) => offsets.get(text));
      for (const text of texts) offsets.delete(text);
      assert.equal(
        new Set(places.map((place) => place === undefined)).size,
        1,
        'all of a batch is there, or nothing',
      );
      if (outcome!.kind === 'refused')
        assert.equal(places[0], undefined, `${texts[0]} was refused, and is there`);
      if (places[0] !== undefined) {
        assert.deepEqual(
          places,
          texts.map((_, index) => places[0]! + index),
        );
      }
      if (outcome!.kind !== 'stored') continue;
      assert.equal(places[0], outcome!.first, `${texts[0]} is where it was said to be`);
      assert.ok(outcome!.first > last, `${texts[0]} is behind what was called before`);
      last = outcome!.first;
    }
    assert.deepEqual([...offsets.keys()], [], 'nothing is there that was not appended');
  }
}

function tallyOf(sent: readonly Sent[]): Record<Outcome['kind'], number> {
  const tally = { stored: 0, unknown: 0, refused: 0 };
  for (const { outcome } of sent) tally[outcome!.kind] += 1;
  return tally;
}

/** What goes wrong, one thing at a time or several, and gets well again. */
class Mischief {
  readonly #world: KafkaWorld;

  constructor(world: KafkaWorld) {
    this.#world = world;
  }

  happen(): void {
    const { cluster, random } = this.#world;
    const id = random.between(1, 3);
    const strike = random.pick<Strike>(strikes);
    const deeds = [
      () => cluster.kill(id),
      () => cluster.start(id),
      () => cluster.pause(id),
      () => cluster.resume(id),
      () => cluster.stop(id),
      () => cluster.cutOff(id, random.pick(['peers', 'controller', 'clients'])),
      () => cluster.reconnect(id, random.pick(['peers', 'controller', 'clients'])),
      () => cluster.strike(id, strike),
      () => cluster.strike(id, strike),
      () => cluster.balance(),
      () => cluster.jumpClock(id, random.between(-5000, 5000)),
      () =>
        Object.assign(cluster.weather, { dropBefore: random.real(0, 0.2), dropAfter: random.real(0, 0.2) }),
      () =>
        Object.assign(cluster.weather, {
          clientDelayMax: random.real(0, 300),
          peerDelayMax: random.real(0, 300),
        }),
      () => cluster.heal(),
      () => cluster.heal(),
    ];
    random.pick(deeds)();
  }

  /** So much at once that nothing can be appended to what it concerns. */
  takeDown(): void {
    const { cluster, random } = this.#world;
    const ids = cluster.brokers.map(({ id }) => id);
    const all = (deed: (id: number) => void) => ids.forEach(deed);
    const { leader } = cluster.placementOf({ topic, partition: random.below(partitions) })!;
    const others = (deed: (id: number) => void) => all((id) => id !== leader && deed(id));
    const deeds = [
      () => others((id) => cluster.kill(id)),
      () => others((id) => cluster.stop(id)),
      () => others((id) => cluster.pause(id)),
      () => all((id) => cluster.kill(id)),
      () => all((id) => cluster.pause(id)),
      () => all((id) => cluster.cutOff(id, 'clients')),
      () => all((id) => cluster.cutOff(id, 'peers')),
      () => all((id) => cluster.cutOff(id, 'controller')),
      () => Object.assign(cluster.weather, { dropBefore: 1 }),
      () => Object.assign(cluster.weather, { dropAfter: 1 }),
    ];
    random.pick(deeds)();
  }
}

const strikes: readonly Strike[] = [
  { api: 'produce', when: 'before' },
  { api: 'produce', when: 'after' },
  { api: 'metadata', when: 'before' },
];
