import type { Millis } from '../env/clock.ts';
import type { ChannelAddress, StreamAddress } from './arn.ts';
import type { Tag } from './stream.ts';

/** A channel, as the control plane knows it: it delivers a stream's records to a bucket or into a table. */
export type Channel = ChannelAddress & {
  /** Unique in its account and region, among the channels that are there. */
  readonly name: string;
  readonly status: ChannelStatus;
  /** Why it FAILED, which is for good; undefined otherwise. */
  readonly reason?: string;
  /** Where its records come from. The stream is there as long as the channel is. */
  readonly stream: StreamAddress;
  /** The stream's id. */
  readonly streamId: string;
  readonly createdAt: Millis;
  /** Since when it is on its way out of CREATING, UPDATING or DELETING. */
  readonly since: Millis;
  /** How many times it was updated. */
  readonly updates: number;
  readonly role: string;
  readonly records: ChannelRecords;
  readonly destination: ChannelDestination;
  /** Where records go that cannot be delivered. */
  readonly deadLetters: { readonly bucketArn: string; readonly owner: string; readonly prefix: string };
  /** How long a record waits at most, until it is delivered. */
  readonly freshnessSeconds: number;
  /** The KMS key of what is delivered, as it was named, and its ARN. */
  readonly encryption?: { readonly keyId: string; readonly keyArn: string };
  readonly logging: ChannelLogging;
  /** Sorted by key. */
  readonly tags: readonly Tag[];
};

export type ChannelStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | 'FAILED';

/** What the records of the stream are, and the schema that they keep to. */
export type ChannelRecords = { readonly format: RecordFormat; readonly schemaArn?: string };
export type RecordFormat = 'GSR_JSON' | 'JSON' | 'STRING' | 'BYTE_ARRAY';

export type ChannelDestination =
  | {
      readonly kind: 'S3';
      readonly bucketArn: string;
      /** The account that must have the bucket. */
      readonly owner: string;
      readonly compression: 'NONE' | 'GZIP' | 'ZSTD';
      readonly storageClass: 'STANDARD' | 'INTELLIGENT_TIERING' | 'GLACIER_IR';
      readonly keyTemplate: string;
    }
  | {
      readonly kind: 'S3_TABLES';
      readonly tableBucketArn: string;
      readonly namespace: string;
      readonly table: string;
      readonly compression: 'NONE' | 'ZSTD' | 'SNAPPY';
      /** The column of the time by whose hours the table is partitioned; undefined for none. */
      readonly hourOf?: string;
    };

export type ChannelLogging = { readonly isOn: boolean; readonly group: string; readonly stream: string };

/** True while its records are delivered. */
export function isDelivering({ status }: Channel): boolean {
  return status === 'ACTIVE' || status === 'UPDATING';
}
