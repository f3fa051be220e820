import { call } from '../../api/call.ts';
import { streamEvents } from '../../api/stream-events.ts';
import { numberBefore, type RecordPlace } from './permalink.ts';
import { type KinesisRecord, recordOfText, type TailRecord } from './tail-record.ts';

type Place = Pick<RecordPlace, 'stream' | 'shardId' | 'sequenceNumber'>;

/**
 * The first record of a shard that is at, or after, a sequence number; undefined where there is none (yet).
 * It takes from the shard's read quota, as any reader does.
 */
export async function firstFrom(
  { stream, shardId, sequenceNumber }: Place,
  kind: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER',
  signal: AbortSignal,
): Promise<KinesisRecord | undefined> {
  const { ShardIterator } = await call<{ ShardIterator: string }>(
    'kinesis',
    'GetShardIterator',
    {
      ...{ StreamName: stream, ShardId: shardId, ShardIteratorType: kind },
      StartingSequenceNumber: sequenceNumber,
    },
    { signal },
  );
  // A page may be empty though there is more: it is asked on until the tip.
  for (let iterator: string | undefined = ShardIterator, page = 0; iterator && page < pagesMax; page++) {
    const answer: GetRecordsAnswer = await call(
      'kinesis',
      'GetRecords',
      { ShardIterator: iterator, Limit: 1 },
      { signal },
    );
    if (answer.Records.length > 0) return answer.Records[0];
    if (answer.MillisBehindLatest === 0) return undefined;
    iterator = answer.NextShardIterator;
  }
  return undefined;
}

type GetRecordsAnswer = {
  readonly Records: readonly KinesisRecord[];
  readonly NextShardIterator?: string | undefined;
  readonly MillisBehindLatest: number;
};

const pagesMax = 20;

/** The record before one in its shard; undefined for the first, and where that has expired. */
export async function recordBefore(place: Place, signal: AbortSignal): Promise<KinesisRecord | undefined> {
  const before = numberBefore(place.sequenceNumber);
  if (before === undefined) return undefined;
  const found = await firstFrom({ ...place, sequenceNumber: before }, 'AT_SEQUENCE_NUMBER', signal);
  return found?.SequenceNumber === place.sequenceNumber ? undefined : found;
}

/** What the tail makes of a record: several, where the KPL put them together. */
export async function decodedRecords(
  { stream, shardId }: Place,
  { SequenceNumber, ApproximateArrivalTimestamp }: KinesisRecord,
  signal: AbortSignal,
): Promise<TailRecord[]> {
  const arrival = Math.round(ApproximateArrivalTimestamp * 1000);
  const query = {
    from: new Date(arrival).toISOString(),
    until: new Date(arrival + 1).toISOString(),
    shard: shardId,
    where: `sequence == "${SequenceNumber}"`,
    decode: 'auto',
  };
  const records: TailRecord[] = [];
  for await (const { event, data } of streamEvents(`/streams/${encodeURIComponent(stream)}/tail`, query, {
    signal,
  })) {
    if (event === 'record') records.push(recordOfText(data));
    if (event === 'end') break;
  }
  return records;
}

/** A record as it is where nothing decodes it. */
export function plainRecord(shardId: string, record: KinesisRecord): TailRecord {
  return {
    ...{ shardId, sequenceNumber: record.SequenceNumber, partitionKey: record.PartitionKey },
    ...{
      arrival: Math.round(record.ApproximateArrivalTimestamp * 1000),
      forms: [],
      body: '',
      data: record.Data,
    },
  };
}
