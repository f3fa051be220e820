import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../../harness/shard-text.ts';
import { frameHeaderBytes } from '../../../src/log/embedded/format/frame.ts';
import { DamagedError, DroppedError } from '../../../src/log/log.ts';
import type { FakeDisk } from '../fake-disk.ts';
import { directory, expectDamageOr, readAll, writeDamageable } from './damageable.ts';
import { EngineOnFakeDisk, small } from './on-fake-disk.ts';

const rounds = 7;
const written = (state: 'closed' | 'killed', seed = 1) =>
  writeDamageable({ state, rounds, segmentBytes: 700, seed });
const allRecords = (texts: string[][]) => assert.deepEqual(texts, [numbered(0, rounds), numbered(0, rounds)]);
const harmless = { closed: 'at all', killed: 'before the last round' };

for (const state of ['closed', 'killed'] as const) {
  test(`any flipped bit in a ${state} log is found out, or harms no record ${harmless[state]}`, async () => {
    const [outcome] = await once(
      new Worker(new URL('./bit-flips.ts', import.meta.url), { workerData: state }),
      'message',
    );
    assert.ok(outcome.found > outcome.flips / 2, `${outcome.found} of ${outcome.flips}`);
  });
}

test('a last segment that a crash tore keeps all whole rounds, wherever it was torn', async () => {
  const killed = await written('killed');
  const last = lastOf(killed, await killed.list(directory));
  const { length } = last.file.bytes;
  for (let size = last.firstFrame; size < length; size++) {
    const disk = killed.copy();
    disk.file(last.path).truncate(size);
    const engine = new EngineOnFakeDisk(disk);
    const texts = await readAll(engine);
    for (const found of texts) assert.deepEqual(found, numbered(0, found.length));
    assert.ok(texts[0]!.length - texts[1]!.length <= 1);
    assert.deepEqual(await readAll(new EngineOnFakeDisk(disk)), texts);
  }
});

test('a segment before the last that is cut short is found out, or harms no record', async () => {
  for (const state of ['closed', 'killed'] as const) {
    const disk = await written(state);
    const names = await disk.list(directory);
    for (const name of names.slice(0, -1)) {
      const { length } = disk.file(`${directory}/${name}`).bytes;
      for (let size = 0; size < length; size += 13) {
        const damaged = disk.copy();
        damaged.file(`${directory}/${name}`).truncate(size);
        await expectDamageOr(damaged, allRecords);
      }
    }
  }
});

test('a segment that is missing between others is named', async () => {
  const disk = await written('closed');
  const [, second] = await disk.list(directory);
  await disk.remove(`${directory}/${second}`);
  await assert.rejects(readAll(new EngineOnFakeDisk(disk)), {
    name: 'DamagedError',
    message: `${directory}/${second}: missing.`,
  });
});

test('a segment of another stream, of another place or of another time is refused', async () => {
  const disk = await written('closed');
  const other = await written('closed', 9);
  const [first, second, third] = (await disk.list(directory)).map((name) => `${directory}/${name}`);
  const swaps: [into: string, from: Buffer][] = [
    [second!, disk.file(first!).bytes],
    [second!, disk.file(third!).bytes],
    [second!, other.file(second!).bytes],
  ];
  for (const [into, bytes] of swaps) {
    const swapped = disk.copy();
    swapped.file(into).bytes = Buffer.from(bytes);
    await assert.rejects(readAll(new EngineOnFakeDisk(swapped)), DamagedError);
  }
});

test('a frame that stands where another should is found out, though its checksums are right', async () => {
  const killed = await written('killed');
  const last = lastOf(killed, await killed.list(directory));
  const frames = framesIn(last.file.bytes, last.firstFrame);
  assert.ok(frames.length >= 4);
  for (const [source, target] of [
    [0, 2],
    [2, 0],
    [1, 3],
  ] as const) {
    const damaged = killed.copy();
    const { bytes } = damaged.file(last.path);
    const { position, length } = frames[source]!;
    assert.equal(length, frames[target]!.length);
    bytes.copyWithin(frames[target]!.position, position, position + length);
    await expectDamageOr(damaged, (texts) => {
      for (const found of texts) assert.deepEqual(found.slice(0, rounds - 1), numbered(0, rounds - 1));
    });
  }
});

test('a frame of a round that was taken back is found out when it comes back', async () => {
  const disk = await written('killed');
  const other = await writeDamageable({
    state: 'killed',
    rounds,
    segmentBytes: 700,
    seed: 1,
    name: 'RECORD',
  });
  const last = lastOf(disk, await disk.list(directory));
  const [frame] = framesIn(last.file.bytes, last.firstFrame);
  const { position, length } = frame!;
  other.file(last.path).bytes.copy(last.file.bytes, position, position, position + length);
  await assert.rejects(readAll(new EngineOnFakeDisk(disk)), DamagedError);
});

test('damage in the middle is reported in one line with its place, and nothing is changed', async () => {
  const killed = await written('killed');
  const last = lastOf(killed, await killed.list(directory));
  last.file.bytes[last.firstFrame + frameHeaderBytes + 3]! ^= 1;
  const before = Buffer.from(last.file.bytes);
  await assert.rejects(readAll(new EngineOnFakeDisk(killed)), (error: Error) => {
    assert.match(
      error.message,
      new RegExp(`^${last.path}: damaged at byte ${last.firstFrame}, which was durable`),
    );
    return error.name === 'DamagedError';
  });
  assert.deepEqual(last.file.bytes, before);
});

test('a damaged stream can be dropped, and harms no other', async () => {
  const disk = await written('closed');
  const [first] = await disk.list(directory);
  disk.file(`${directory}/${first}`).bytes.fill(0);
  const log = await new EngineOnFakeDisk(disk).open();
  await assert.rejects(log.position({ stream: 'stream', shard: 0 }), DamagedError);
  const other = new OneShard(log, { stream: 'other', shard: 0 });
  await other.append(batchOf('fine'));
  await log.drop('stream');
  await assert.rejects(log.position({ stream: 'stream', shard: 0 }), DroppedError);
  assert.deepEqual(await disk.list('logs'), ['_ends', 'other']);
});

test('a stream in which a read met damage is not written to and loses nothing more; what is sound is read, others go on', async () => {
  const disk = await written('closed');
  const names = await disk.list(directory);
  const { bytes } = disk.file(`${directory}/${names[1]}`);
  bytes[bytes.indexOf('record 3')]! ^= 1;
  const engine = new EngineOnFakeDisk(disk);
  const log = await engine.open({ ...small, tailBytesMax: 0 });
  const [shard, sibling] = [0, 1].map((nth) => new OneShard(log, { stream: 'stream', shard: nth }));
  await shard!.append(batchOf('before it is known'));
  await assert.rejects(textsOf(shard!), DamagedError);
  for (const refused of [shard!.append(batchOf('x')), sibling!.append(batchOf('x')), sibling!.seal()])
    await assert.rejects(refused, DamagedError);
  await assert.rejects(shard!.trim(rounds), DamagedError);
  assert.deepEqual(await textsOf(shard!, 0, 1).catch(() => 'damaged'), 'damaged');
  assert.deepEqual(await textsOf(sibling!, rounds - 1), [`record ${rounds - 1}`]);
  const other = new OneShard(log, { stream: 'other', shard: 0 });
  await other.append(batchOf('fine'));
  assert.deepEqual((await disk.list(directory)).slice(0, names.length), names);
  await log.drop('stream');
});

test('a read that is wrong once is made again before damage is believed', async () => {
  const engine = new EngineOnFakeDisk();
  const log = await engine.open({ tailBytesMax: 0 });
  const shard = new OneShard(log, { stream: 'stream', shard: 0 });
  await shard.append(batchOf('record 0'));
  const { bytes } = engine.disk.file(`${directory}/000000000001.log`);
  let wrongReads = 1;
  const flip = () => {
    bytes[bytes.length - 1]! ^= 1;
  };
  engine.disk.fate = ({ kind }) => {
    if (kind !== 'read' || wrongReads === 0) return undefined;
    flip();
    wrongReads -= 1;
    setImmediate(flip);
    return undefined;
  };
  assert.deepEqual(await textsOf(shard), ['record 0']);
  assert.equal(wrongReads, 0);
  await shard.append(batchOf('record 1'));
});

test('what the creation of a segment left behind is removed', async () => {
  const disk = await written('closed');
  const left = await disk.open(`${directory}/000000000099.log.new`, 'create');
  await left.write([Buffer.from('half')], 0);
  allRecords(await readAll(new EngineOnFakeDisk(disk)));
  assert.ok((await disk.list(directory)).every((name) => name.endsWith('.log')));
});

function lastOf(disk: FakeDisk, names: readonly string[]) {
  const path = `${directory}/${names.at(-1)}`;
  const file = disk.file(path);
  const checkpoint = 128;
  return { path, file, firstFrame: checkpoint + frameHeaderBytes + file.bytes.readUInt32BE(checkpoint + 8) };
}

function framesIn(bytes: Buffer, first: number): { position: number; length: number }[] {
  const frames: { position: number; length: number }[] = [];
  for (let position = first; position < bytes.length; ) {
    const length = frameHeaderBytes + bytes.readUInt32BE(position + 8);
    frames.push({ position, length });
    position += length;
  }
  return frames;
}
