import '../../../property-seed.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordsOf, type StoredBatch } from '../../../../src/kinesis/record.ts';
import { type Numbering, sequenceNumberOf } from '../../../../src/kinesis/sequence-number.ts';
import { RecordWriter } from '../../../../src/services/kinesis/parts/record-writer.ts';
import { record } from '../../../../src/services/kinesis/parts/shapes.ts';
import { cbor } from '../../../../src/wire/cbor/cbor.ts';
import { rpcCbor } from '../../../../src/wire/cbor/rpc-cbor.ts';
import { json } from '../../../../src/wire/json/json.ts';
import { list, required, structure } from '../../../../src/wire/shape.ts';
import type { OwnList } from '../../../../src/wire/writer.ts';
import { batches, numberings } from '../../../kinesis/arbitrary-batch.ts';

const answer = structure('Answer', { Records: required(list(record)) });

/**
 * Batches as a log has them, each after the one before and in the same second or a later one; or from
 * anywhere.
 */
const runs = fc.array(fc.tuple(batches(), fc.option(fc.nat(1500))), { maxLength: 5 }).map((drawn) => {
  const run: StoredBatch[] = [];
  for (const [batch, delay] of drawn) {
    const last = run.at(-1);
    if (last === undefined || delay === null) run.push(batch);
    else run.push({ ...batch, first: last.first + last.count, arrival: last.arrival + delay });
  }
  return run;
});

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

/** What is written straight from the batches; of every third, in one piece that was written before. */
function fromBatches(shard: Numbering, { Records }: { readonly Records: readonly StoredBatch[] }) {
  const own: OwnList = {
    writeItems(writer) {
      const records = new RecordWriter(writer, shard);
      for (const [index, batch] of Records.entries()) {
        if (index % 3 === 2) {
          const other = writer.forItems();
          new RecordWriter(other, shard).write(batch);
          writer.items(other.sink.bytes());
        } else records.write(batch);
      }
    },
  };
  return { Records: own };
}

for (const codec of [json, cbor, rpcCbor]) {
  test(`in ${codec.contentType}, records straight from their batches are what their shape makes of them`, () => {
    fc.assert(
      fc.property(numberings, runs, (shard, Records) => {
        const expected = codec.encode(byShape(shard, { Records }), answer);
        const value = fromBatches(shard, { Records });
        assert.deepEqual(codec.encode(value, answer), expected);
        assert.deepEqual(Buffer.concat(codec.encodePieces(value, answer)), expected);
      }),
      { numRuns: 500 },
    );
  });
}
