import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numbered } from '../../../harness/shard-text.ts';
import { restored, transferred } from '../../../src/gateway/error-transfer.ts';
import { repairLog } from '../../../src/log/embedded/verify/repair.ts';
import { isDamaged, type LogCheck, verifyLog } from '../../../src/log/embedded/verify/verify.ts';
import { decryptBatches, keyNameOf } from '../../../src/log/encryption.ts';
import { DamagedError, KeyError, type LoggedBatch } from '../../../src/log/log.ts';
import type { FakeDisk, Survival } from '../fake-disk.ts';
import { TestKeys } from '../test-keys.ts';
import { directory } from './damageable.ts';
import { EncryptedStream, framesOf, stream } from './encrypted-stream.ts';
import { EngineOnFakeDisk, small } from './on-fake-disk.ts';

const count = 12;
const plenty = { segmentBytes: 1_000_000 };

/** Records of two shards over several segments, with a new data key from time to time. */
async function written(roundsOfKey = 5): Promise<EncryptedStream> {
  const encrypted = await EncryptedStream.open();
  encrypted.engine.disk.isHasty = true;
  for (const [index, text] of numbered(0, count).entries()) {
    if (index % roundsOfKey === 0) encrypted.keys.renew();
    encrypted.engine.clock.time += 10;
    await Promise.all([encrypted.append(0, text), encrypted.append(1, text)]);
  }
  return encrypted;
}

async function pathsOf(disk: FakeDisk): Promise<string[]> {
  return (await disk.list(directory)).map((name) => `${directory}/${name}`);
}

/** Damages the first key of a segment. */
function damageKey(disk: FakeDisk, path: string): void {
  const { bytes } = disk.file(path);
  bytes[bytes.indexOf('arn:aws:kms')]! ^= 1;
}

/** A copy of what is sound, itself sound, which never needed a key. */
async function repaired(disk: FakeDisk, check: LogCheck, keys: TestKeys) {
  const target = new EngineOnFakeDisk();
  target.disk.isHasty = true;
  const { clock, random, logger } = target;
  const world = { clock, random, logger, disk: target.disk, panic: (why: string) => assert.fail(why) };
  const kept = await repairLog(disk, world, 'logs', check);
  assert.equal(isDamaged(await verifyLog(target.disk, 'logs', stream)), false);
  return { kept, copy: await reopened(target.disk, keys) };
}

/** Another process, with nothing in memory. */
async function reopened(disk: FakeDisk, keys: TestKeys): Promise<EncryptedStream> {
  disk.isHasty = true;
  return EncryptedStream.open(disk, keys, { ...small, tailBytesMax: 0 });
}

test('encrypted records are read from memory, from a segment under way and from finished ones, and not from the disk', async () => {
  const encrypted = await written();
  const { disk } = encrypted.engine;
  assert.deepEqual(await encrypted.texts(0), numbered(0, count));
  const unfinished = await reopened(disk.copy(), encrypted.keys);
  assert.deepEqual(await unfinished.texts(1), numbered(0, count));
  const cold = await EncryptedStream.open(disk.copy(), encrypted.keys, { ...plenty, tailBytesMax: 0 });
  await cold.append(0, 'more', 'and more');
  assert.deepEqual(await cold.texts(0), [...numbered(0, count), 'more', 'and more']);
  await encrypted.log.close();
  for (const path of await pathsOf(disk)) assert.equal(disk.file(path).bytes.includes('record'), false);
});

test('what is read for oneself says with which key it is encrypted, from memory as from the disk', async () => {
  const encrypted = await written();
  const cold = await reopened(encrypted.engine.disk.copy(), encrypted.keys);
  for (const each of [encrypted, cold]) assert.deepEqual(await each.texts(0, true), numbered(0, count));
});

test('what was written before and after a stream was encrypted is read as it is', async () => {
  const encrypted = await EncryptedStream.open();
  await encrypted.append(0, 'before');
  encrypted.keys.renew();
  await encrypted.append(0, 'encrypted');
  encrypted.keys.stop();
  await encrypted.append(0, 'after');
  await encrypted.log.close();
  const again = await reopened(encrypted.engine.disk, encrypted.keys);
  const batches = await again.encrypted(0);
  assert.deepEqual(
    batches.map(({ encryption }) => encryption && keyNameOf(encryption)),
    [undefined, 1, undefined],
  );
  assert.deepEqual(batches[1]!.encryption?.key.arn, encrypted.keys.arn);
  assert.deepEqual(await again.texts(0), ['before', 'encrypted', 'after']);
});

test('batches of different keys that meet in a round never share a frame', async () => {
  const encrypted = await EncryptedStream.open();
  encrypted.keys.renew();
  const first = [await encrypted.batch(0, 'a'), await encrypted.batch(0, 'b')];
  encrypted.keys.renew();
  const second = [await encrypted.batch(0, 'c'), await encrypted.batch(0, 'd')];
  encrypted.keys.stop();
  const batches = [...first, ...second, await encrypted.batch(0, 'e')];
  await Promise.all(batches.map((batch) => encrypted.log.append({ stream, shard: 0 }, batch)));
  await encrypted.log.close();
  const expected = ['key 1', '2 with key 1', 'key 2', '2 with key 2', '1 open', 'end'];
  assert.deepEqual(await framesOf(encrypted.engine.disk), expected);
  const again = await reopened(encrypted.engine.disk, encrypted.keys);
  assert.deepEqual(await again.texts(0), ['a', 'b', 'c', 'd', 'e']);
});

test('every segment has the keys of its frames, and is read without those before it', async () => {
  const encrypted = await written();
  await encrypted.log.close();
  const { disk } = encrypted.engine;
  const paths = await pathsOf(disk);
  assert.ok(paths.length > 2);
  for (const path of paths.slice(0, -1)) {
    await disk.remove(path);
    assert.deepEqual((await verifyLog(disk, 'logs', stream)).findings, []);
    const texts = await (await reopened(disk.copy(), encrypted.keys)).texts(0);
    assert.deepEqual(texts, numbered(count - texts.length, count));
    assert.ok(texts.length > 0);
  }
});

test('whatever call the power goes at, encrypted records that were acknowledged are there and can be opened', async () => {
  let acknowledged = 0;
  for (let k = 0, isOver = false; !isOver; k++) {
    const engine = new EngineOnFakeDisk();
    engine.disk.fate = ({ index }) => (index === k ? 'crash' : undefined);
    const keys = new TestKeys();
    acknowledged = 0;
    const work = EncryptedStream.open(engine.disk, keys).then(async (encrypted) => {
      for (const text of numbered(0, 6)) {
        if (text.endsWith('0') || text.endsWith('4')) keys.renew();
        await encrypted.append(0, text.padEnd(400, '.'));
        acknowledged += 1;
      }
      await encrypted.log.close();
    });
    isOver = await Promise.race([work.then(() => true), engine.disk.crashed.then(() => false)]);
    for (const survival of ['nothing', 'everything', k] as Survival[]) {
      const disk = engine.disk.cutPower(survival);
      disk.isHasty = true;
      assert.equal(isDamaged(await verifyLog(disk, 'logs', stream)), false);
      const texts = await (await reopened(disk, keys)).texts(0);
      assert.ok(texts.length >= acknowledged, `crash at call ${k}, ${survival} survives`);
      assert.deepEqual(
        texts,
        numbered(0, texts.length).map((text) => text.padEnd(400, '.')),
      );
    }
  }
  assert.equal(acknowledged, 6);
});

test('without any key verify finds a damaged byte, and repair copies what is sound, still encrypted', async () => {
  const encrypted = await written();
  await encrypted.log.close();
  const { keys, engine } = encrypted;
  for (const path of await pathsOf(engine.disk)) {
    for (let at = 0; at < engine.disk.file(path).bytes.length; at += 43) {
      const disk = engine.disk.copy();
      disk.isHasty = true;
      disk.file(path).bytes[at]! ^= 0x10;
      const check = await verifyLog(disk, 'logs', stream);
      const { copy, kept } = await repaired(disk, check, keys);
      for (const shard of [0, 1]) {
        const texts = await copy.texts(shard);
        const next = kept.get(shard)?.next ?? 0;
        assert.deepEqual(texts, numbered(next - texts.length, next), `${path} byte ${at}`);
      }
    }
  }
});

test('a key that is damaged in one segment is named, and the copy has it from another', async () => {
  const encrypted = await written(count);
  await encrypted.log.close();
  const { disk } = encrypted.engine;
  const path = (await pathsOf(disk))[1]!;
  damageKey(disk, path);
  const check = await verifyLog(disk, 'logs', stream);
  const messages = check.findings.map(({ message }) => message);
  assert.match(messages[0]!, /^key 1: what the frame holds is not what was written\.$/);
  assert.match(messages[1]!, /^records \d+ to \d+ of shard 0: their key 1 is missing in the segment/);
  assert.equal(messages.length, 2);
  assert.deepEqual(check.losses, []);
  await assert.rejects((await reopened(disk.copy(), encrypted.keys)).texts(0), {
    name: 'DamagedError',
    message: /^logs\/stream\/000000000002\.log: key 1 at byte \d+ is damaged\.$/,
  });
  const { copy } = await repaired(disk, check, encrypted.keys);
  assert.deepEqual(await copy.texts(0), numbered(0, count));
});

test('records whose key is nowhere else are told as lost, and the copy ends before them', async () => {
  const encrypted = await written(count);
  await encrypted.log.close();
  const { disk } = encrypted.engine;
  damageKey(disk, (await pathsOf(disk))[0]!);
  const check = await verifyLog(disk, 'logs', stream);
  const first = check.segments[0]!.states.get(0)!.next;
  assert.ok(first > 0);
  assert.deepEqual(check.losses.map(({ shard, first: from, end }) => [shard, from, end]).sort(), [
    [0, 0, first],
    [1, 0, check.segments[0]!.states.get(1)!.next],
  ]);
  const { copy } = await repaired(disk, check, encrypted.keys);
  assert.deepEqual(await copy.texts(0), numbered(first, count));
});

test('encrypted records are refused at another offset, with another arrival, of another shard or stream, or without one of them', async () => {
  const encrypted = await EncryptedStream.open();
  encrypted.keys.renew();
  await Promise.all([encrypted.append(0, 'a'), encrypted.append(0, 'bb')]);
  const [batch] = await encrypted.encrypted(0);
  const { bytes, first, arrival, encryption } = batch!;
  assert.ok(encryption?.tag !== undefined);
  const box = bytes.readUInt32BE(0);
  assert.ok(box < bytes.length);
  const place = { stream, shard: 0 };
  const refused = (changed: Partial<LoggedBatch>, where = place) =>
    assert.rejects(decryptBatches([{ ...batch!, ...changed }], where, encrypted.keys), DamagedError);
  await refused({ first: first + 1 });
  await refused({ arrival: arrival + 1 });
  await refused({ count: 1 });
  await refused({ bytes: bytes.subarray(0, box) });
  await refused({ bytes: bytes.subarray(0, -1) });
  await refused({ encryption: { ...encryption, tag: Buffer.alloc(16) } });
  await refused({}, { ...place, shard: 1 });
  await refused({}, { ...place, stream: 'other' });
  const flipped = Buffer.from(bytes);
  flipped[20]! ^= 1;
  await refused({ bytes: flipped });
  assert.deepEqual(await encrypted.texts(0), ['a', 'bb']);
});

test('a key that is not to be had is an error of its own, also from another thread; each is asked for once a page', async () => {
  const encrypted = await EncryptedStream.open();
  encrypted.keys.renew();
  for (const text of ['a', 'b', 'c']) await encrypted.append(0, text);
  assert.deepEqual(await encrypted.texts(0), ['a', 'b', 'c']);
  assert.equal(encrypted.keys.opened, 1);
  encrypted.keys.trouble = 'disabled';
  const error = await encrypted.texts(0).catch((caught: unknown) => caught);
  for (const each of [error, restored(transferred(error))]) {
    assert.ok(each instanceof KeyError);
    assert.equal(each.code, 'disabled');
  }
});
