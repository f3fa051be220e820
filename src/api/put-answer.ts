import { strict as assert } from 'node:assert';
import { NumberWriter, sequenceNumberDigits } from '../kinesis/sequence-number.ts';
import { formatShardId } from '../kinesis/shard-id.ts';
import type { PackedPut } from '../stream/packed-put.ts';

/** The answer to a PutRecords all of whose records are stored, as JSON; undefined when some are not. */
export function storedAnswer({ records, parts, partOf }: PackedPut): Buffer | undefined {
  if (parts.some(({ count, fate }) => count > 0 && fate.kind !== 'stored')) return undefined;
  const entries = parts.map(({ shard }) => entryOf(formatShardId(shard.index)));
  const numbers = parts.map(({ shard, fate }) =>
    fate.kind === 'stored' ? new NumberWriter(shard, fate.first, fate.arrival) : undefined,
  );
  const answer = Buffer.allocUnsafe(opening.length + records.count * entryBytes + 1);
  let at = answer.write(opening, 'latin1');
  for (let index = 0; index < records.count; index++) {
    const part = partOf[index]!;
    const entry = entries[part]!;
    numbers[part]!.writeNext(answer, at + numberAt);
    for (let byte = 0; byte < numberAt; byte++) answer[at + byte] = entry[byte]!;
    for (let byte = numberEnd; byte < entryBytes; byte++) answer[at + byte] = entry[byte]!;
    at += entryBytes;
  }
  // In the place of the last comma.
  answer.write(']}', at - 1, 'latin1');
  return answer;
}

/** An entry, all of which are of one length, with room for the number. In the order of the output's shape. */
function entryOf(shardId: string): Buffer {
  const text = `${beforeNumber}${' '.repeat(sequenceNumberDigits)}","ShardId":"${shardId}"},`;
  assert(text.length === entryBytes);
  return Buffer.from(text, 'latin1');
}

const opening = '{"FailedRecordCount":0,"Records":[';
const beforeNumber = '{"SequenceNumber":"';
const numberAt = beforeNumber.length;
const numberEnd = numberAt + sequenceNumberDigits;
const entryBytes = numberEnd + `","ShardId":"${formatShardId(0)}"},`.length;
