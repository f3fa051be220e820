import type { DeliveredRecord } from '../../../src/delivery/record/delivered-record.ts';

/** Records of one shard, one after the other, from the first offset on. */
export function recordsOf(datas: readonly (string | Buffer)[]): DeliveredRecord[] {
  return datas.map((data, offset) => ({
    data: Buffer.from(data),
    arrival: 1_700_000_000_000 + offset,
    from: { shard: 0, offset, partitionKey: `key-${offset}`, sequenceNumber: String(1000 + offset) },
  }));
}
