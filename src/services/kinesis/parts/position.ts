import type { Millis } from '../../../env/clock.ts';
import type { Offset } from '../../../kinesis/record.ts';
import {
  offsetOf,
  parseSequenceNumber,
  type SequenceNumber,
  shownOld,
} from '../../../kinesis/sequence-number.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import { type Shard, type Stream, trimHorizon } from '../../../kinesis/stream.ts';
import type { Records } from '../../../log/log.ts';
import type { TypeOf } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import type { shardIteratorType } from './shapes.ts';

/** Where a request wants to start reading. */
type Position = {
  /** Named in errors about sequence numbers. */
  readonly operation: 'GetShardIterator' | 'SubscribeToShard';
  readonly type: TypeOf<typeof shardIteratorType>;
  readonly sequenceNumber: string | undefined;
  readonly timestamp: Millis | undefined;
};

/**
 * The offset of the first record to read. InvalidArgumentException for members that do not fit together, or
 * numbers of another shard.
 */
export async function resolvePosition(
  log: Records,
  stream: Stream,
  shard: Shard,
  { operation, type, sequenceNumber, timestamp }: Position,
  now: Millis,
): Promise<Offset> {
  requireSequenceNumber(type, sequenceNumber);
  const key = { stream: stream.id, shard: shard.index };
  const end = async () => shard.closed?.end ?? (await log.position(key)).end;
  switch (type) {
    case 'TRIM_HORIZON':
      return await log.seek(key, trimHorizon(stream, now));
    case 'LATEST':
      return await end();
    case 'AT_TIMESTAMP':
      return await log.seek(key, Math.max(requireTimestamp(timestamp, now), trimHorizon(stream, now)));
    case 'AT_SEQUENCE_NUMBER':
      return clamp(offsetOf(requireOwn(operation, stream, shard, sequenceNumber!)), await end());
    case 'AFTER_SEQUENCE_NUMBER':
      return clamp(offsetOf(requireOwn(operation, stream, shard, sequenceNumber!)) + 1, await end());
  }
}

/** A shard's starting number lies before its first record, its ending number after the last one. */
function clamp(offset: Offset, end: Offset): Offset {
  return Math.min(Math.max(offset, 0), end);
}

function requireSequenceNumber(type: Position['type'], sequenceNumber: string | undefined): void {
  const wanted = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
  if (wanted === (sequenceNumber !== undefined)) return;
  throw invalidArgument(
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
      '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
      `Request specified ${type} and ${wanted ? 'no' : 'also a'} StartingSequenceNumber.`,
  );
}

function requireTimestamp(timestamp: Millis | undefined, now: Millis): Millis {
  if (timestamp === undefined) {
    throw invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. ' +
        'Current request has no timestamp parameter.',
    );
  }
  if (timestamp <= now) return timestamp;
  throw invalidArgument(
    'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
      `timestampInMillis: ${Math.trunc(timestamp)}, currentTimestampInMillis: ${now}`,
  );
}

/** The parts of a sequence number that this shard can have issued. */
function requireOwn(
  operation: Position['operation'],
  stream: Stream,
  shard: Shard,
  number: string,
): SequenceNumber {
  const parsed = parseSequenceNumber(number);
  const shown = parsed?.version === 0 ? shownOld(number) : number;
  const used =
    `StartingSequenceNumber ${shown} used in ${operation} on shard ${formatShardId(shard.index)} ` +
    `in stream ${stream.name} under account ${stream.account} is invalid`;
  if (parsed === undefined) throw invalidArgument(`${used}.`);
  if (parsed.shardIndex !== shard.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${formatShardId(parsed.shardIndex)}, ` +
        `while it was used in a call to a shard with ${formatShardId(shard.index)}`,
    );
  }
  const created = Math.floor(shard.createdAt / 1000);
  const own = parsed.version === 2 && parsed.createdSecond === created && parsed.arrivalSecond >= created;
  if (own) return parsed;
  throw invalidArgument(`${used} because it did not come from this stream.`);
}
