import type { GivenUp, InvocationRecord } from './destinations.ts';

/**
 * `aws/lambda/<UUID of the mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<random UUID>`, in UTC (Lambda
 * developer guide, "Retain discarded batch records for a Kinesis Data Streams event source").
 */
export function keyOf(mapping: string, record: InvocationRecord, random: string): string {
  const [date, time] = record.timestamp.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).split('T');
  const folder = `aws/lambda/${mapping}/${record.KinesisBatchInfo.shardId}/${date!.replaceAll('-', '/')}`;
  return `${folder}/${date}T${time!.replaceAll(':', '.')}-${random}`;
}

/** AWS's record, and the whole event as a text in it. */
export function objectOf({ record, event }: GivenUp): Buffer {
  return Buffer.from(JSON.stringify({ ...record, payload: event.toString('utf8') }));
}
