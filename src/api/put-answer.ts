import { limits } from '../kinesis/limits.ts';
import { NumberWriter, sequenceNumberDigits } from '../kinesis/sequence-number.ts';
import { formatShardId } from '../kinesis/shard-id.ts';
import type { PackedPut, Part } from '../stream/packed-put.ts';

/** The answer to a PutRecords all of whose records are stored, as JSON; undefined when some are not. */
export function storedAnswer(put: PackedPut): Buffer | undefined {
  const writers = put.parts.map(writerOf);
  if (put.parts.some(({ count }, part) => count > 0 && writers[part] === undefined)) return undefined;
  const { count } = put.records;
  const length = opening.length + count * entry.length;
  const answer = Buffer.allocUnsafe(length + 1);
  answer.set(allStored.subarray(0, length));
  for (let index = 0; index < count; index++) {
    writers[put.partOf(index)]!(answer, opening.length + index * entry.length);
  }
  // In the place of the last comma.
  answer.write(']}', length - 1, 'latin1');
  return answer;
}

/** Writes what the entries of a part's records have of their own, one after the other. */
function writerOf({ shard, fate }: Part): ((answer: Buffer, at: number) => void) | undefined {
  if (fate.kind !== 'stored') return undefined;
  const numbers = new NumberWriter(shard, fate.first, fate.arrival);
  const shardId = Buffer.from(formatShardId(shard.index), 'latin1');
  return (answer, at) => {
    numbers.writeNext(answer, at + numberAt);
    for (let index = 0; index < shardId.length; index++) answer[at + shardIdAt + index] = shardId[index]!;
  };
}

// In the order of the output's shape.
const opening = '{"FailedRecordCount":0,"Records":[';
const beforeNumber = '{"SequenceNumber":"';
const beforeShardId = '","ShardId":"';
const anyShardId = formatShardId(0);
const entry = `${beforeNumber}${'0'.repeat(sequenceNumberDigits)}${beforeShardId}${anyShardId}"},`;
const numberAt = beforeNumber.length;
const shardIdAt = numberAt + sequenceNumberDigits + beforeShardId.length;

/** Every answer is the beginning of this one, but for numbers and shards. */
const allStored = Buffer.from(opening + entry.repeat(limits.putRecordsMax), 'latin1');
