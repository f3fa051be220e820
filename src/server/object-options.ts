import type { BucketStyle } from '../objects/open-object-store.ts';

/** The options that say where objects are kept. */
export type ObjectOptions = {
  /**
   * The URL of S3, or of what speaks like it; or a directory, `file:///PATH`, whose folders are the buckets.
   * Undefined: the variable that AWS's SDKs read (AWS_ENDPOINT_URL_S3); without it, there is none.
   */
  readonly s3: string | undefined;
  /** Where requests have the bucket. Undefined: in front of AWS's hosts, in the path of others. */
  readonly s3Style: BucketStyle | undefined;
};

export const defaultObjectOptions: ObjectOptions = { s3: undefined, s3Style: undefined };

/** As flags name them. */
export const bucketStyles: readonly BucketStyle[] = ['path', 'virtual'];
