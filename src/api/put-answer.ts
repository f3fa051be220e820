import { strict as assert } from 'node:assert';
import { advanceNumber, sequenceNumberOf } from '../kinesis/sequence-number.ts';
import { formatShardId } from '../kinesis/shard-id.ts';
import type { Shard } from '../kinesis/stream.ts';
import type { Appended } from '../log/log.ts';
import type { PackedPut } from '../stream/packed-put.ts';

/** The answer to a PutRecords all of whose records are stored, as JSON; undefined when some are not. */
export function storedAnswer({ records, parts, partOf }: PackedPut): Buffer | undefined {
  const entries: Buffer[] = [];
  for (const { shard, count, fate } of parts) {
    if (count > 0 && fate.kind !== 'stored') return undefined;
    entries.push(fate.kind === 'stored' ? entryOf(shard, fate) : nothing);
  }
  const answer = Buffer.allocUnsafe(opening.length + records.count * entryBytes + closing.length - 1);
  let at = answer.write(opening, 'latin1');
  for (let index = 0; index < records.count; index++) {
    const entry = entries[partOf[index]!]!;
    for (let byte = 0; byte < entryBytes; byte++) answer[at + byte] = entry[byte]!;
    advanceNumber(entry, numberEnd);
    at += entryBytes;
  }
  // In the place of the last comma.
  answer.write(closing, at - 1, 'latin1');
  return answer;
}

/** The entry of a part's first record; the next one differs in its number. */
function entryOf(shard: Shard, { first, arrival }: Appended): Buffer {
  const entry = entryText(sequenceNumberOf(shard, first, arrival), formatShardId(shard.index));
  assert(entry.length === entryBytes);
  return Buffer.from(entry, 'latin1');
}

// In the order of the output's shape.
const opening = '{"FailedRecordCount":0,"Records":[';
const closing = ']}';

function entryText(number: string, shardId: string): string {
  return `{"SequenceNumber":"${number}","ShardId":"${shardId}"},`;
}

/** All entries are of one length: a number has 56 digits, a shard id twelve. */
const entryBytes = entryText('0'.repeat(56), formatShardId(0)).length;
const numberEnd = '{"SequenceNumber":"'.length + 56;
const nothing = Buffer.alloc(0);
