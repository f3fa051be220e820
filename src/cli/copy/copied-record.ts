import { createHash } from 'node:crypto';

/** A record as GetRecords answers it. */
export type CopiedRecord = {
  readonly SequenceNumber: string;
  readonly PartitionKey: string;
  /** Base64. */
  readonly Data: string;
  /** Seconds since 1970, with milliseconds. */
  readonly ApproximateArrivalTimestamp?: number;
};

/** Equal for records with the same partition key and data, and for no others. */
export function likenessOf({ PartitionKey, Data }: CopiedRecord): string {
  return createHash('sha256').update(`${PartitionKey}\0${Data}`).digest('base64');
}

/** What a record takes of the limits of a request, in bytes: its data and its key. */
export function bytesOf({ PartitionKey, Data }: CopiedRecord): number {
  return Buffer.byteLength(Data, 'base64') + Buffer.byteLength(PartitionKey);
}
