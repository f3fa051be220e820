import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyCipher } from '../../../src/access/keys/key-cipher.ts';
import type { KeyService } from '../../../src/access/keys/key-service.ts';
import { openKeys } from '../../../src/access/keys/keys.ts';
import { LocalKeys } from '../../../src/access/keys/local-keys.ts';
import { kinesisKey } from '../../../src/access/keys/new-key.ts';
import { rootKeyOf } from '../../../src/access/keys/root-key.ts';
import { StreamKeys } from '../../../src/access/keys/stream-keys.ts';
import type { Stream } from '../../../src/kinesis/stream.ts';
import type { EncryptingKey } from '../../../src/log/data-keys.ts';
import { KeyError, type KeyTrouble } from '../../../src/log/log.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { sampleStream } from '../../kinesis/sample.ts';
import { TestClock, TestRandom } from '../../log/world.ts';

const alias = 'alias/aws/kinesis';
const minute = 60_000;

/** Streams with the built-in KMS, which can be as if it were elsewhere, and counts what it is asked. */
class World {
  readonly clock = new TestClock();
  readonly asked: string[] = [];
  /** What the service says is the matter with its keys; undefined while nothing is. */
  trouble: KeyTrouble | undefined;
  readonly keys: StreamKeys;
  #streams: ReadonlyMap<string, Stream> = new Map();

  private constructor(local: LocalKeys) {
    const ask = async <Answer>(what: string, answer: () => Promise<Answer>): Promise<Answer> => {
      this.asked.push(what);
      await Promise.resolve();
      if (this.trouble !== undefined) throw new KeyError(`It is ${this.trouble}.`, this.trouble);
      return answer();
    };
    const service: KeyService = {
      describe: (named, scope) => local.describe(named, scope),
      generateDataKey: (arn, context) => ask('generate', () => local.generateDataKey(arn, context)),
      decrypt: (wrapped, context) => ask('decrypt', () => local.decrypt(wrapped, context)),
    };
    const { clock } = this;
    const state = () => ({ streams: this.#streams });
    const catalog = {
      get state() {
        return state() as never;
      },
    };
    const limits = { countMax: 3, freshMs: 4 * minute, ageMsMax: 5 * minute, keyBytesMax: 1000 };
    this.keys = new StreamKeys({ catalog, service, clock }, limits);
  }

  static async open(): Promise<World> {
    const clock = new TestClock();
    const random = new TestRandom(3);
    const keys = await openKeys(openMemoryLog(clock));
    const cipher = new KeyCipher(rootKeyOf([random.bytes(32)], random), random);
    const makeKinesisKey = (scope: { account: string; region: string }) =>
      kinesisKey({ keys, cipher, clock, random }, scope);
    const world = new World(new LocalKeys({ keys, cipher, random, makeKinesisKey }));
    world.have('1', '2');
    return world;
  }

  /** These are the streams, all encrypted. */
  have(...ids: string[]): void {
    const stream = (id: string) => ({ ...sampleStream(1), id, name: `name-${id}`, encryptionKey: alias });
    this.#streams = new Map(ids.map((id) => [id, stream(id)]));
  }

  async current(id = '1'): Promise<EncryptingKey> {
    return (await this.keys.current(id))!;
  }
}

test('a key is asked for once, however many wait for it, and is then at hand', async () => {
  const world = await World.open();
  const [one, two] = await Promise.all([world.current(), world.current()]);
  assert.equal(one, two);
  assert.equal(world.keys.current('1'), one);
  assert.deepEqual(world.asked, ['generate']);
  const opened = await Promise.all([world.keys.open(one!.key, '1'), world.keys.open(one!.key, '1')]);
  assert.equal(opened[0], opened[1]);
  assert.deepEqual(world.asked, ['generate', 'decrypt']);
  assert.ok(opened[0]!.payloads.equals(one!.key.payloads));
});

test('of a stream that is gone nothing is encrypted, stored in plain, or opened', async () => {
  const world = await World.open();
  const { key } = await world.current();
  world.have('2', '3');
  assert.throws(() => world.keys.current('1'), { name: 'DroppedError' });
  const awaited = world.keys.current('3');
  world.have('2');
  await assert.rejects(async () => awaited, { name: 'DroppedError' });
  assert.throws(() => world.keys.open(key, '1'), { name: 'DroppedError' });
});

test('a data key of one stream does not open for another', async () => {
  const world = await World.open();
  const { key } = await world.current('1');
  await assert.rejects(async () => world.keys.open(key, '2'), KeyError);
});

test('after four minutes, or a segment full of bytes, there is another key, and meanwhile the old one is used', async () => {
  const world = await World.open();
  const first = await world.current();
  world.clock.time += 4 * minute;
  assert.equal(world.keys.current('1'), first);
  await new Promise((resolve) => setImmediate(resolve));
  const second = await world.current();
  assert.notEqual(second, first);
  second.nonceFor(1000);
  assert.equal(world.keys.current('1'), second);
  await new Promise((resolve) => setImmediate(resolve));
  assert.notEqual(await world.current(), second);
});

test('a service that is away or throttles is not noticed for as long as a key may be used, and no longer', async () => {
  for (const trouble of ['throttled', 'unavailable'] as const) {
    const world = await World.open();
    const first = await world.current();
    world.trouble = trouble;
    world.clock.time += 4.5 * minute;
    for (let nth = 0; nth < 5; nth++) {
      assert.equal(world.keys.current('1'), first);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(world.asked.length, 2, 'it is not asked again at once');
    world.clock.time += minute;
    await assert.rejects(world.current(), { code: trouble });
    world.trouble = undefined;
    assert.notEqual(await world.current(), first);
  }
});

test('when the answer is that a key may not be used, it is not used any more, and again when it may', async () => {
  const world = await World.open();
  await world.current();
  world.trouble = 'disabled';
  world.clock.time += 4 * minute;
  world.keys.current('1');
  await new Promise((resolve) => setImmediate(resolve));
  await assert.rejects(world.current(), { code: 'disabled' });
  world.trouble = undefined;
  await world.current();
});

test('only so many keys are kept', async () => {
  const world = await World.open();
  world.have('1', '2', '3', '4');
  for (const id of ['1', '2', '3', '4']) await world.current(id);
  assert.ok(world.keys.current('4') instanceof Promise === false);
  assert.ok(world.keys.current('1') instanceof Promise);
});
