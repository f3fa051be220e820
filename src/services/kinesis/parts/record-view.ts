import type { StoredBatch } from '../../../kinesis/record.ts';
import type { Shard, Stream } from '../../../kinesis/stream.ts';
import type { Codec } from '../../../wire/codec.ts';
import type { OwnList } from '../../../wire/writer.ts';
import type { KinesisWorld } from '../world.ts';
import type { EncodedBatches } from './encoded-batches.ts';

/** Records as they stand in answers. */
export function viewRecords(
  written: EncodedBatches,
  stream: Stream,
  shard: Shard,
  batches: readonly StoredBatch[],
): OwnList {
  return { writeItems: (writer) => written.write(writer, stream, shard, batches) };
}

/** The same for a page of any size: writes the records now, and gives other work its turn. */
export async function writeRecords(
  { written, clock }: KinesisWorld,
  codec: Codec,
  stream: Stream,
  shard: Shard,
  batches: readonly StoredBatch[],
): Promise<OwnList> {
  const own = codec.itemWriter();
  await written.writeInTurns(() => clock.turn(), own, stream, shard, batches);
  const pieces = own.sink.pieces();
  return {
    writeItems(writer) {
      for (const piece of pieces) writer.items(piece);
    },
  };
}
