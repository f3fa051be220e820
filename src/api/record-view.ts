import type { StoredBatch } from '../kinesis/record.ts';
import type { Shard, Stream } from '../kinesis/stream.ts';
import type { WrittenBatches } from '../stream/written-batches.ts';
import type { OwnList } from '../wire/writer.ts';

/** Records as readers see them. */
export function viewRecords(
  written: WrittenBatches,
  stream: Stream,
  shard: Shard,
  batches: readonly StoredBatch[],
): OwnList {
  return {
    writeItems(writer) {
      for (const batch of batches) written.write(writer, stream, shard, batch);
    },
  };
}
