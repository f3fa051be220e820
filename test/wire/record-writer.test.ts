import '../property-seed.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { record } from '../../src/api/shapes.ts';
import { recordsOf, type StoredBatch } from '../../src/kinesis/record.ts';
import { type Numbering, sequenceNumberOf } from '../../src/kinesis/sequence-number.ts';
import { cbor } from '../../src/wire/cbor.ts';
import { json } from '../../src/wire/json.ts';
import { writeRecords } from '../../src/wire/record-writer.ts';
import { rpcCbor } from '../../src/wire/rpc-cbor.ts';
import { list, required, structure } from '../../src/wire/shape.ts';
import type { OwnList } from '../../src/wire/writer.ts';
import { batches, numberings } from '../kinesis/arbitrary-batch.ts';

const answer = structure('Answer', { Records: required(list(record)) });

/** What the shape makes of the records, one by one. */
function byShape(shard: Numbering, { Records }: { readonly Records: readonly StoredBatch[] }) {
  return {
    Records: Records.flatMap((batch) => [...recordsOf(batch)]).map((stored) => ({
      SequenceNumber: sequenceNumberOf(shard, stored.offset, stored.arrival),
      ApproximateArrivalTimestamp: stored.arrival,
      Data: stored.data,
      PartitionKey: stored.partitionKey,
    })),
  };
}

/** What is written straight from the batches; of those with an odd index, in one piece that was written before. */
function fromBatches(shard: Numbering, { Records }: { readonly Records: readonly StoredBatch[] }) {
  const own: OwnList = {
    writeItems(writer) {
      for (const [index, batch] of Records.entries()) {
        const other = index % 2 === 1 ? writer.forItems() : writer;
        writeRecords(other, shard, batch);
        if (other !== writer) writer.items(other.sink.bytes());
      }
    },
  };
  return { Records: own };
}

for (const codec of [json, cbor, rpcCbor]) {
  test(`in ${codec.contentType}, records straight from their batches are what their shape makes of them`, () => {
    fc.assert(
      fc.property(numberings, fc.array(batches(), { maxLength: 4 }), (shard, Records) => {
        const expected = codec.encode(byShape(shard, { Records }), answer);
        const value = fromBatches(shard, { Records });
        assert.deepEqual(codec.encode(value, answer), expected);
        assert.deepEqual(Buffer.concat(codec.encodePieces(value, answer)), expected);
      }),
      { numRuns: 500 },
    );
  });
}
