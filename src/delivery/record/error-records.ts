import { formatShardId } from '../../kinesis/shard-id.ts';
import type { CatalogTable } from '../delivery-spec.ts';
import type { DeliveredRecord, ErrorOutputType, RefusedRecord } from './delivered-record.ts';

/** What a channel says of a record besides. */
export type ChannelOfErrors = {
  readonly channelId: string;
  readonly streamArn: string;
  /** Else they say which record it is: AWS's of tables have no payload. */
  readonly hasData: boolean;
};

/** What error records say besides of where they are from. */
export type ErrorContext = {
  readonly channel?: ChannelOfErrors | undefined;
  readonly catalogTable?: CatalogTable | undefined;
};

/**
 * Records with errors as lines of JSON, each with its end of line: for Firehose as it writes them below
 * `ErrorOutputPrefix` (Data Firehose developer guide, "Handle failure in data transformation", "Handling
 * errors for data format conversion", "Handle data delivery failures"), for a channel with what finds the
 * record in its stream.
 */
export function errorLines(
  refused: readonly RefusedRecord[],
  { channel, catalogTable }: ErrorContext = {},
): Buffer[] {
  return refused.map((one) => {
    const document =
      channel === undefined ? firehoseDocument(one, catalogTable) : channelDocument(one, channel);
    return Buffer.from(`${JSON.stringify(document)}\n`);
  });
}

function firehoseDocument(
  refused: RefusedRecord,
  catalogTable: CatalogTable | undefined,
): Record<string, unknown> {
  const { record, kind, code, message } = refused;
  const isConversion = kind === 'format-conversion-failed';
  return {
    attemptsMade: refused.attempts,
    arrivalTimestamp: record.arrival,
    ...(isConversion
      ? { lastErrorCode: code, lastErrorMessage: message }
      : { errorCode: code, errorMessage: message }),
    attemptEndingTimestamp: refused.attemptEndedAt,
    rawData: (kind === 'iceberg-failed' ? record.data : bytesOf(record)).toString('base64'),
    ...besides(kind, record),
    ...(isConversion && catalogTable !== undefined ? { dataCatalogTable: catalogTable } : {}),
    // As its objects have it; its developer guide says `lambdaArn`.
    ...(refused.lambdaArn === undefined ? {} : { lambdaARN: refused.lambdaArn }),
  };
}

/** What only some kinds of errors have, to find the record by. */
function besides(kind: ErrorOutputType, { from }: DeliveredRecord): Record<string, unknown> {
  switch (kind) {
    case 'format-conversion-failed':
      return { sequenceNumber: from.sequenceNumber, subSequenceNumber: from.sub ?? 0 };
    case 'http-endpoint-failed':
      return { subsequenceNumber: from.sub ?? 0, dataId: `${from.sequenceNumber}.${from.sub ?? 0}` };
    default:
      return {};
  }
}

function channelDocument(refused: RefusedRecord, channel: ChannelOfErrors): Record<string, unknown> {
  const { record, code, message } = refused;
  const { from } = record;
  return {
    channelId: channel.channelId,
    streamARN: channel.streamArn,
    shardId: formatShardId(from.shard),
    sequenceNumber: from.sequenceNumber,
    partitionKey: from.partitionKey,
    approximateArrivalTimestamp: record.arrival,
    errorCode: code,
    errorMessage: message,
    ...(channel.hasData ? { rawData: bytesOf(record).toString('base64') } : {}),
  };
}

/** What the record was when it came, but for Iceberg: there it is what a function made of it. */
function bytesOf(record: DeliveredRecord): Buffer {
  return record.original ?? record.data;
}
