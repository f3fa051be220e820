import type { StreamAddress } from '../../kinesis/arn.ts';

/** How far behind a reader of a stream is. */
export type ReaderLag = Pick<StreamAddress, 'account' | 'region'> & {
  readonly stream: string;
  readonly kind: 'polling' | 'fan-out' | 'kcl' | 'mapping' | 'delivery';
  readonly name: string;
  /** Undefined while it is not known. */
  readonly lagSeconds: number | undefined;
  /** The stream's retention minus the lag. */
  readonly timeToLossSeconds: number | undefined;
  readonly retentionSeconds: number;
  /** What it read since counting began, as far as this is counted. */
  readonly records: number | undefined;
  readonly bytes: number | undefined;
  /** What a mapping or a delivery gave up. */
  readonly failures: number | undefined;
};
