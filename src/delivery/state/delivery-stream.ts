import type { Millis } from '../../env/clock.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';

/** A delivery stream of Firehose, as CreateDeliveryStream and UpdateDestination made it. */
export type DeliveryStreamRecord = {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Unique over all that ever had its name. */
  readonly id: string;
  readonly type: 'DirectPut' | 'KinesisStreamAsSource';
  /** `KinesisStreamSourceConfiguration`, as it came. */
  readonly source?:
    | { readonly streamArn: string; readonly role: string; readonly startedAt: Millis }
    | undefined;
  /** `ThroughputHintInMBs` of direct puts, which changes nothing here. */
  readonly throughputHintMiB?: number | undefined;
  readonly status: 'CREATING' | 'CREATING_FAILED' | 'ACTIVE' | 'DELETING' | 'DELETING_FAILED';
  readonly encryption: DeliveryEncryption;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
  /** AWS's `VersionId`, which counts up with each update of the destination. */
  readonly version: number;
  readonly destination: {
    readonly kind: 'extended-s3' | 'http' | 'iceberg';
    /** The configuration with its defaults, as DescribeDeliveryStream answers it. */
    readonly described: Readonly<Record<string, unknown>>;
    /** What of it is not answered, an HTTP endpoint's access key; encrypted with all else. */
    readonly secret?: string | undefined;
    /** The columns of the table that it names, as they were when it was named. */
    readonly schema?: TableSchema | undefined;
  };
  readonly tags: readonly (readonly [key: string, value: string])[];
};

export type DeliveryEncryption = {
  readonly status: 'ENABLED' | 'ENABLING' | 'ENABLING_FAILED' | 'DISABLED' | 'DISABLING' | 'DISABLING_FAILED';
  readonly keyType?: 'AWS_OWNED_CMK' | 'CUSTOMER_MANAGED_CMK' | undefined;
  readonly keyArn?: string | undefined;
  /** When it was asked for another one in the last 24 hours: that may be so often only. */
  readonly changedAt?: readonly Millis[] | undefined;
};
