import '../../../property-seed.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeBatch, type StoredBatch } from '../../../../src/kinesis/record.ts';
import type { Stream } from '../../../../src/kinesis/stream.ts';
import { EncodedBatches } from '../../../../src/services/kinesis/parts/encoded-batches.ts';
import { CborWriter } from '../../../../src/wire/cbor/cbor-writer.ts';
import { JsonWriter } from '../../../../src/wire/json/json-writer.ts';
import type { Writer } from '../../../../src/wire/writer.ts';
import { sampleStream } from '../../../kinesis/sample.ts';

const KiB = 1024;
const stream = sampleStream(2);

/** A batch of `count` records of a kibibyte. */
function batch(first: number, count: number, letter = 'x'): StoredBatch {
  const records = Array.from({ length: count }, () => ({
    partitionKey: 'k',
    data: Buffer.alloc(KiB, letter),
  }));
  return { ...encodeBatch(records), first, arrival: 1_700_000_000_000 };
}

const writers: readonly (() => Writer)[] = [
  () => new JsonWriter(),
  () => new CborWriter('milliseconds'),
  () => new CborWriter('seconds'),
];

function writeAll(
  written: EncodedBatches,
  list: readonly StoredBatch[],
  { of = stream, shard = 0, writer = new JsonWriter() as Writer } = {},
): readonly Buffer[] {
  writer.openList();
  written.write(writer, of, stream.shards[shard]!, list);
  writer.closeList();
  return writer.sink.pieces();
}

test('the second reader of a large batch gets the same memory, however its answer goes on', () => {
  const written = new EncodedBatches();
  const [, first] = writeAll(written, [batch(0, 20)]);
  const [, second, rest] = writeAll(written, [batch(0, 20), batch(20, 1)]);
  assert.equal(second!.buffer, first!.buffer);
  assert.equal(second!.byteOffset, first!.byteOffset);
  assert.match(String(rest), /^,\{/);
});

test('a small batch is written anew, and is not kept', () => {
  const written = new EncodedBatches();
  assert.equal(writeAll(written, [batch(0, 1), batch(1, 2)]).length, 1);
  assert.equal(written.keptBytes, 0);
});

test('streams of one name, shards, parts of batches and encodings are told apart', () => {
  const written = new EncodedBatches();
  const again: Stream = { ...stream, id: `${stream.id}-again` };
  const text = (pieces: readonly Buffer[]) => Buffer.concat(pieces).toString('latin1');
  const all = [
    ...writers.map((writer) => text(writeAll(written, [batch(0, 20)], { writer: writer() }))),
    text(writeAll(written, [batch(0, 20, 'y')], { of: again })),
    text(writeAll(written, [batch(0, 20)], { shard: 1 })),
    text(writeAll(written, [batch(0, 19)])),
    text(writeAll(written, [batch(1, 19)])),
  ];
  assert.equal(new Set(all).size, all.length);
});

test('whatever is kept, answers are as if nothing were, and no more is kept than is allowed', () => {
  const place = fc.record({ at: fc.nat(9), count: fc.integer({ min: 1, max: 40 }) });
  const reads = fc.array(
    fc.record({ list: fc.array(place, { maxLength: 4 }), writer: fc.nat(2), shard: fc.nat(1) }),
    { maxLength: 40 },
  );
  const none = new EncodedBatches(0);
  fc.assert(
    fc.property(reads, fc.nat(400 * KiB), (all, keptBytesMax) => {
      const written = new EncodedBatches(keptBytesMax);
      for (const { list, writer, shard } of all) {
        const batches = list.map(({ at, count }) => batch(at * 100, count));
        const pieces = writeAll(written, batches, { shard, writer: writers[writer]!() });
        const expected = writeAll(none, batches, { shard, writer: writers[writer]!() });
        assert.deepEqual(Buffer.concat(pieces), Buffer.concat(expected));
        assert.ok(written.keptBytes <= keptBytesMax);
      }
    }),
    { numRuns: 60 },
  );
});

test('a large page is written in turns, and comes out the same; what is kept needs no turn', async () => {
  const written = new EncodedBatches();
  const large = Array.from({ length: 60 }, (_, index) => batch(index * 100, 100));
  const small = Array.from({ length: 3000 }, (_, index) => batch(6000 + index, 1));
  const write = async (batches: readonly StoredBatch[]) => {
    let turns = 0;
    const turn = async () => void turns++;
    const own = new JsonWriter().forItems();
    await written.writeInTurns(turn, own, stream, stream.shards[0]!, batches);
    const pieces = writeAll(new EncodedBatches(0), batches);
    assert.equal(`[${String(own.sink.bytes()).slice(1)}]`, String(Buffer.concat(pieces)));
    return turns;
  };
  assert.ok((await write(large)) >= 3);
  assert.ok((await write(small)) >= 1);
  assert.equal(await write(large), 0);
});

test('what was not asked for longest is let go of first', () => {
  const written = new EncodedBatches(100 * KiB);
  const read = (first: number) => writeAll(written, [batch(first, 20)])[1]!.buffer;
  const memory = [read(0), read(20), read(40)];
  assert.equal(read(0), memory[0]);
  read(60);
  assert.equal(read(0), memory[0]);
  assert.notEqual(read(20), memory[1]);
});
