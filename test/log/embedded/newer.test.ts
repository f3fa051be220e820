import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { batchOf } from '../../../harness/shard-text.ts';
import { verifyLog } from '../../../src/log/embedded/verify/verify.ts';
import type { FakeDisk } from '../fake-disk.ts';
import { directory, writeDamageable } from './damageable.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

const written = (state: 'closed' | 'killed' = 'killed') =>
  writeDamageable({ state, rounds: 7, segmentBytes: 700, seed: 1 });

/** Everything on a disk, as it is. */
async function contentsOf(disk: FakeDisk): Promise<[path: string, bytes: Buffer][]> {
  const names = await disk.list(directory);
  return names.map((name) => [name, Buffer.from(disk.file(`${directory}/${name}`).bytes)]);
}

async function lastPath(disk: FakeDisk): Promise<string> {
  return `${directory}/${(await disk.list(directory)).at(-1)}`;
}

/** Gives the header of a segment another version, with the checksum that belongs to it. */
function setVersion(bytes: Buffer, version: number, headerBytes = 128): void {
  bytes.writeUInt16BE(version, 4);
  bytes.writeUInt16BE(headerBytes, 6);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, headerBytes - 4)), headerBytes - 4);
}

/** A start and a check refuse the stream in the same sentence, and change nothing. */
async function expectRefused(disk: FakeDisk, message: string, name = 'NewerFormatError'): Promise<void> {
  const before = await contentsOf(disk);
  const log = await new EngineOnFakeDisk(disk).open();
  for (const refused of [log.position({ stream: 'stream', shard: 0 }), verifyLog(disk, 'logs', 'stream')]) {
    await assert.rejects(refused, { name, message });
  }
  assert.deepEqual(await contentsOf(disk), before);
  await log.append({ stream: 'other', shard: 0 }, batchOf('fine'));
}

test('a segment that a newer Millrace wrote is named as such and left as it is, with all before it', async () => {
  for (const headerBytes of [128, 300]) {
    const disk = await written();
    const path = await lastPath(disk);
    setVersion(disk.file(path).bytes, 3, headerBytes);
    // A start would write this one's footer anew, and remove that one.
    const [first] = await disk.list(directory);
    disk.file(`${directory}/${first}`).truncate(disk.file(`${directory}/${first}`).bytes.length - 1);
    await (await disk.open(`${directory}/000000000099.log.new`, 'create')).close();
    await expectRefused(disk, `${path} was written by a newer Millrace.`);
  }
});

test('a frame that a newer Millrace wrote is named as such', async () => {
  const disk = await written();
  const path = await lastPath(disk);
  const { bytes } = disk.file(path);
  bytes[128 + 4] = 3;
  bytes.writeUInt32BE(crc32(bytes.subarray(128, 128 + 92)), 128 + 92);
  await expectRefused(disk, `${path} was written by a newer Millrace.`);
});

test('the first, unreleased format is refused in a sentence', async () => {
  const disk = await written();
  const path = await lastPath(disk);
  setVersion(disk.file(path).bytes, 1);
  await expectRefused(disk, `${path} is of an older, unreleased format.`, 'DamagedError');
});

test('a version whose checksum is wrong is damage, and no newer version', async () => {
  const disk = await written();
  disk.file(await lastPath(disk)).bytes[5]! ^= 1;
  const { findings } = await verifyLog(disk, 'logs', 'stream');
  assert.equal(findings[0]?.message, 'the segment’s header cannot be read.');
});

test('a note of where logs ended that a newer Millrace wrote keeps the log from being opened and checked', async () => {
  const disk = await written('closed');
  const text = Buffer.from('{"version":3,"ends":[]}');
  disk.file('logs/_ends').bytes = Buffer.from(`${crc32(text).toString(16).padStart(8, '0')}\n${text}`);
  const expected = { name: 'NewerFormatError', message: 'logs/_ends was written by a newer Millrace.' };
  await assert.rejects(new EngineOnFakeDisk(disk).open(), expected);
  await assert.rejects(verifyLog(disk, 'logs', 'stream'), expected);
});
