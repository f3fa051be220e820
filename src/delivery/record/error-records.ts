import type { RefusedRecord } from './delivered-record.ts';

/** What a channel says of a record besides. */
export type ChannelOfErrors = { readonly channelId: string; readonly streamArn: string };

/**
 * Records with errors as lines of JSON, as Firehose writes them below `ErrorOutputPrefix` (Data Firehose
 * developer guide, "Handle failure in data transformation", "Handling errors for data format conversion"),
 * each with its end of line.
 */
export function errorLines(refused: readonly RefusedRecord[], channel?: ChannelOfErrors): Buffer[] {
  return refused.map((one) => Buffer.from(`${JSON.stringify(documentOf(one, channel))}\n`));
}

function documentOf(refused: RefusedRecord, channel: ChannelOfErrors | undefined): Record<string, unknown> {
  const { record } = refused;
  const data = (record.original ?? record.data).toString('base64');
  if (channel !== undefined) {
    return {
      channelId: channel.channelId,
      streamARN: channel.streamArn,
      shard: record.from.shard,
      sequenceNumber: record.from.sequenceNumber,
      partitionKey: record.from.partitionKey,
      approximateArrivalTimestamp: record.arrival,
      errorCode: refused.code,
      errorMessage: refused.message,
      rawData: data,
    };
  }
  const isConversion = refused.kind === 'format-conversion-failed';
  return {
    attemptsMade: refused.attempts,
    arrivalTimestamp: record.arrival,
    [isConversion ? 'lastErrorCode' : 'errorCode']: refused.code,
    [isConversion ? 'lastErrorMessage' : 'errorMessage']: refused.message,
    attemptEndingTimestamp: refused.attemptEndedAt,
    rawData: data,
    ...(refused.lambdaArn === undefined ? {} : { lambdaARN: refused.lambdaArn }),
  };
}
