import fc from 'fast-check';
import { encodeBatch, type NewRecord, recordsOf, type StoredBatch } from '../../../src/kinesis/record.ts';
import { encryptBatch } from '../../../src/log/encryption.ts';
import type { Mark } from '../../../src/log/kafka/client.ts';
import { field } from '../../../src/log/kafka/record-batch.ts';
import { encodeRecordBatch } from '../../../src/log/kafka/record-batch-writer.ts';
import type { NewBatch } from '../../../src/log/log.ts';
import { TestKeys } from '../test-keys.ts';

/** What an append may be given: marks, and records that are to be encrypted or not. */
export type Drawn = Mark | { readonly records: readonly NewRecord[]; readonly isEncrypted: boolean };

const key = fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), { nil: undefined });
const data = fc.oneof(
  { weight: 9, arbitrary: fc.uint8Array({ maxLength: 70 }) },
  fc.nat({ max: 20_000 }).map((length) => new Uint8Array(length).fill(length)),
);
const records = fc.array(fc.record({ partitionKey: key, data }), { minLength: 1, maxLength: 20 });

/** Several appends of one partition. */
export const drawnAppends: fc.Arbitrary<Drawn[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ records, isEncrypted: fc.boolean() }) },
    fc.record({ mark: fc.string() }),
  ),
  { minLength: 1, maxLength: 6 },
);

export const place = { stream: 'stream', shard: 3 };
export const topicPartition = { topic: 'topic', partition: 7 };

/** As the append gets it. */
export async function appendOf(drawn: Drawn, keys: TestKeys): Promise<NewBatch | Mark> {
  if ('mark' in drawn) return drawn;
  const batch = encodeBatch(drawn.records);
  return drawn.isEncrypted ? encryptBatch(batch, (await keys.current())!, place) : batch;
}

export function renewedKeys(): TestKeys {
  const keys = new TestKeys();
  keys.renew();
  return keys;
}

/** A record batch as a broker has it: with a first offset, and its own time where it sets that. */
export function storedBatch(appended: readonly (NewBatch | Mark)[], first: number, time: number): Buffer {
  const bytes = encodeRecordBatch(appended, time);
  bytes.writeBigInt64BE(BigInt(first), field.first);
  return bytes;
}

/** What readers see of batches. */
export function seen(batches: readonly StoredBatch[]): [number, string | undefined, string][] {
  return batches.flatMap((batch) =>
    [...recordsOf(batch)].map(({ offset, partitionKey, data }): [number, string | undefined, string] => [
      offset,
      partitionKey,
      Buffer.from(data).toString('hex'),
    ]),
  );
}

/** What readers should see of appends that begin at an offset. */
export function expected(drawn: readonly Drawn[], first: number): [number, string | undefined, string][] {
  let offset = first;
  return drawn.flatMap((one) => {
    if ('mark' in one) {
      offset += 1;
      return [];
    }
    return one.records.map((record): [number, string | undefined, string] => [
      offset++,
      record.partitionKey,
      Buffer.from(record.data).toString('hex'),
    ]);
  });
}
