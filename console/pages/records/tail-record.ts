import type { DecodedRecord } from '../../../src/views/view.ts';

/** A decoded record as the tail route sends it: its bytes in base64. */
export type TailRecord = Omit<DecodedRecord, 'data'> & { readonly data: string };

/** A record as GetRecords answers it. */
export type KinesisRecord = {
  readonly SequenceNumber: string;
  readonly PartitionKey: string;
  /** In base64. */
  readonly Data: string;
  /** In seconds since 1970, with fractions. */
  readonly ApproximateArrivalTimestamp: number;
};

/** Reads the text of a record event. */
export function recordOfText(text: string): TailRecord {
  return JSON.parse(text) as TailRecord;
}

/** Bytes of a text in base64. */
export function sizeOfBase64(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/** The number of a shard, as the list shows it: `shardId-000000000012` is 12. */
export function shardNumber(shardId: string): string {
  const [, digits] = /^shardId-0*(\d+)$/.exec(shardId) ?? [];
  return digits ?? shardId;
}

/** Time of day in the zone of the browser: today with milliseconds, else with month and day before it. */
export function arrivalText(arrival: number, now: Date): string {
  const at = new Date(arrival);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  if (at.toDateString() !== now.toDateString())
    return `${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
  return `${time}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}
