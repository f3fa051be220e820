import type { SourceSlice } from '../../../delivery/source/source-slice.ts';
import type { Clock } from '../../../env/clock.ts';
import { recordsOf } from '../../../kinesis/record.ts';
import { sequenceNumberOf } from '../../../kinesis/sequence-number.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { EncodedSlices, TailEncoder } from './tail-encoder.ts';

/** Records as they were put, with their data in base64. Others have their turn between many of them. */
export function rawEncoder(clock: Pick<Clock, 'turn'>): TailEncoder {
  const encode: TailEncoder['encode'] = (slices, matchedMax) => encodeRaw(clock, slices, matchedMax);
  return { encode, mayLose: false, close() {} };
}

async function encodeRaw(
  clock: Pick<Clock, 'turn'>,
  slices: readonly SourceSlice[],
  matchedMax: number,
): Promise<EncodedSlices> {
  const events: string[] = [];
  const encoded = (cut?: EncodedSlices['cut']): EncodedSlices => {
    const { length } = events;
    return { events: events.join('\n'), records: length, matched: length, cut };
  };
  let freeBytes = turnBytes;
  for (const [place, { shard, from, to, batches }] of slices.entries()) {
    const shardId = formatShardId(shard.index);
    for (const batch of batches) {
      for (const { offset, arrival, partitionKey = '', data } of recordsOf(batch)) {
        if (offset < from || offset >= to) continue;
        if (events.length === matchedMax) return encoded({ slice: place, next: offset });
        const number =
          batch.sequenceNumbers?.[offset - batch.first] ?? sequenceNumberOf(shard, offset, arrival);
        events.push(eventOf(shardId, number, partitionKey, arrival, data));
        freeBytes -= data.length + recordCost;
        if (freeBytes > 0) continue;
        freeBytes = turnBytes;
        await clock.turn();
      }
    }
  }
  return encoded();
}

/** What is encoded in about a millisecond, where a record counts for so much besides its data. */
const turnBytes = 256 * 1024;
const recordCost = 512;

function eventOf(
  shardId: string,
  number: string,
  partitionKey: string,
  arrival: number,
  data: Uint8Array,
): string {
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64');
  return (
    `event: record\ndata: {"shardId":"${shardId}","sequenceNumber":"${number}",` +
    `"partitionKey":${JSON.stringify(partitionKey)},"arrival":${arrival},"data":"${base64}"}\n`
  );
}
