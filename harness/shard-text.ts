import { encodeBatch, type Offset, type RecordBatch, recordsOf } from '../src/kinesis/record.ts';
import type { OneShard } from './one-shard.ts';

/** A batch with a record for each text. */
export function batchOf(...texts: string[]): RecordBatch {
  return encodeBatch(texts.map((text) => ({ partitionKey: 'key', data: Buffer.from(text) })));
}

/** The texts of all records of a shard, read in steps, from an offset on. Throws when there is a gap. */
export async function textsOf(shard: OneShard, from?: Offset, records = 3): Promise<string[]> {
  const texts: string[] = [];
  const { start, end } = await shard.position();
  let next = from ?? start;
  while (next < end) {
    const before = next;
    for (const batch of await shard.read(next, { records, bytes: 1_000_000 })) {
      for (const record of recordsOf(batch)) {
        if (record.offset < next) continue;
        if (record.offset > next) throw new Error(`Record ${next} is missing.`);
        texts.push(record.data.toString());
        next += 1;
      }
    }
    if (next === before) throw new Error(`Nothing was read from ${next} on, and ${end} is the end.`);
  }
  return texts;
}

/** The texts of a range of numbers, as the tests name their records. */
export function numbered(first: number, end: number): string[] {
  return Array.from({ length: end - first }, (_, index) => `record ${first + index}`);
}
