import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import yauzl from 'yauzl';
import type { Compression } from '../../../src/delivery/delivery-spec.ts';
import { openTextObject } from '../../../src/delivery/format/text-object.ts';
import { recordsOf } from '../record/some-records.ts';

/** Of more than one piece, and one record alone is larger than a piece. */
const lines = Array.from({ length: 20_000 }, (_, line) =>
  line === 7000
    ? 'x'.repeat(1_500_000)
    : `{"line":${line},"flight":"AA${line % 977}","late":${line % 3 === 0}}`,
);
const newline = Buffer.from('\n');

type Read = (bytes: Buffer) => Promise<Buffer> | Buffer;

const readers: readonly (readonly [Compression, Read, extension: string, encoding: string | undefined])[] = [
  ['NONE', (bytes) => bytes, '', undefined],
  ['GZIP', (bytes) => gunzipSync(bytes), '.gz', 'gzip'],
  ['ZIP', unzipped, '.zip', 'zip'],
  ['SNAPPY', xerialRead, '.snappy', 'snappy-java'],
  ['HADOOP_SNAPPY', hadoopRead, '.snappy', 'hadoop-snappy'],
  ['ZSTD', (bytes) => zstdDecompressSync(bytes), '.zst', 'zstd'],
];

for (const [compression, read, extension, contentEncoding] of readers) {
  test(`an object with compression ${compression} has its records in their order, with what is between them`, async () => {
    const object = openTextObject({ compression, delimiter: newline });
    for (let line = 0; line < lines.length; line += 500) {
      assert.deepEqual(await object.add(recordsOf(lines.slice(line, line + 500))), []);
    }
    const records = lines.reduce((sum, line) => sum + line.length, 0);
    assert.deepEqual([object.records, object.rawBytes], [lines.length, records]);
    const { bytes, ...rest } = await object.finish();
    const all = Buffer.concat(bytes);
    assert.equal((await read(all)).toString(), lines.join('\n'));
    const encoded = contentEncoding === undefined ? {} : { contentEncoding };
    assert.deepEqual(rest, { contentType: 'application/octet-stream', extension, ...encoded });
    if (compression !== 'NONE') assert.ok(all.length < records / 5);
  });

  test(`an object with compression ${compression} may be empty, and is the same when it is made again`, async () => {
    const empty = await openTextObject({ compression }).finish();
    assert.equal((await read(Buffer.concat(empty.bytes))).length, 0);
    const [first, second] = [openTextObject({ compression }), openTextObject({ compression })];
    await first.add(recordsOf(['ab', '', 'c']));
    await second.add(recordsOf(['ab', '']));
    await second.add(recordsOf(['c']));
    const made = Buffer.concat((await first.finish()).bytes);
    assert.deepEqual(Buffer.concat((await second.finish()).bytes), made);
    assert.equal((await read(made)).toString(), 'abc');
  });
}

test('what an object holds in memory is what its records take, and not what a piece could', async () => {
  const object = openTextObject({ compression: 'GZIP' });
  await object.add(recordsOf(['a']));
  assert.ok(object.heldBytes < 16 * 1024);
  await object.add(recordsOf([Buffer.alloc(500_000)]));
  assert.ok(object.heldBytes >= 500_000 && object.heldBytes < 1_500_000, String(object.heldBytes));
});

async function unzipped(bytes: Buffer): Promise<Buffer> {
  const open = promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer);
  const file = await open(bytes, { lazyEntries: true, validateEntrySizes: true });
  const entry = await new Promise<yauzl.Entry>((resolve, reject) => {
    file.once('entry', resolve).once('error', reject).readEntry();
  });
  assert.equal(file.entryCount, 1);
  assert.match(entry.fileName, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const stream = await promisify<yauzl.Entry, NodeJS.ReadableStream>(file.openReadStream.bind(file))(entry);
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

function xerialRead(bytes: Buffer): Buffer {
  assert.deepEqual(bytes.subarray(0, 16), Buffer.from('82534e41505059000000000100000001', 'hex'));
  const blocks: Uint8Array[] = [];
  for (let at = 16; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    blocks.push(block(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return Buffer.concat(blocks);
}

function hadoopRead(bytes: Buffer): Buffer {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    blocks.push(block(bytes.subarray(at + 8, at + 8 + length)));
    assert.equal(blocks.at(-1)!.length, bytes.readUInt32BE(at));
    at += 8 + length;
  }
  return Buffer.concat(blocks);
}

/** One of Snappy itself, its length before it (google/snappy, format_description.txt). */
function block(bytes: Buffer): Uint8Array {
  let length = 0;
  let at = 0;
  do length += (bytes[at]! & 0x7f) << (7 * at);
  while (bytes[at++]! >= 0x80);
  const raw = new Uint8Array(length);
  snappyUncompress(bytes, raw);
  return raw;
}

test('what is in an object as it is lies in memory that it mostly fills, which another thread can have', async () => {
  const object = openTextObject({ compression: 'NONE', delimiter: newline });
  await object.add(recordsOf(lines));
  const { bytes } = await object.finish();
  for (const { buffer, length } of bytes) assert.ok(buffer.byteLength <= (length * 4) / 3);
  assert.equal(Buffer.concat(bytes).toString(), lines.join('\n'));
});
