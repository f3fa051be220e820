/**
 * A store of objects, as S3 has them: an object is there whole or not at all, and what was put is seen by
 * whoever asks after the answer. Every method tries again what may pass, with pauses, until it is given up or
 * the signal is aborted; it rejects with `ObjectStoreError`, or with the signal's reason.
 */
export interface ObjectStore {
  /** How many bytes a part of a key between slashes may have, where it is fewer than a key may. */
  readonly partBytesMax?: number;
  /**
   * Puts an object; one that is there under the name is replaced. Large ones go in parts. Resolves once it is
   * stored. With `ifNone` it is put only where there is none, with `ifMatch` only where the object of that
   * ETag is: else it rejects with code `PreconditionFailed`. One that was put by an attempt whose answer was
   * lost counts as put.
   */
  put(
    place: ObjectPlace,
    bytes: readonly Uint8Array[],
    how?: PutHow,
    signal?: AbortSignal,
  ): Promise<StoredObject>;
  /**
   * All of an object, which may have 256 MiB, or a range of its bytes; undefined where there is none. A range
   * that goes beyond the object's end has fewer bytes.
   */
  get(place: ObjectPlace, range?: undefined, signal?: AbortSignal): Promise<FoundObject | undefined>;
  get(place: ObjectPlace, range: ByteRange, signal?: AbortSignal): Promise<FoundRange | undefined>;
  /** Undefined where there is none. */
  head(place: ObjectPlace, signal?: AbortSignal): Promise<StoredObject | undefined>;
  /** A page of the objects whose keys begin with a prefix, in the order of their keys in UTF-8. */
  list(bucket: string, request: ListRequest, signal?: AbortSignal): Promise<ObjectPage>;
  /** No error where there is none. */
  delete(place: ObjectPlace, signal?: AbortSignal): Promise<void>;
}

/**
 * `key` has no segment `.` or `..`. `owner` is the account that must have the bucket
 * (`x-amz-expected-bucket-owner`), where that is asked for.
 */
export type ObjectPlace = {
  readonly bucket: string;
  readonly key: string;
  readonly owner?: string | undefined;
};

export type PutHow = {
  readonly ifNone?: boolean;
  readonly ifMatch?: string | undefined;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  /** `STANDARD` unless it says. */
  readonly storageClass?: string | undefined;
  /** A KMS key's ARN, for `aws:kms`; the bucket's own default unless it says. */
  readonly kmsKeyArn?: string | undefined;
};

/** From `start` on up to before `end`, in bytes. */
export type ByteRange = { readonly start: number; readonly end: number };

export type StoredObject = { readonly etag: string; readonly bytes: number };
export type FoundObject = StoredObject & { readonly body: Buffer };
/** `bytes` are the whole object's. It has no ETag: in a directory, all of the object would be read for it. */
export type FoundRange = { readonly bytes: number; readonly body: Buffer };

/** `after` is a key: the page begins behind it. At most 1,000 objects a page. */
export type ListRequest = {
  readonly prefix: string;
  readonly after?: string | undefined;
  readonly max?: number;
  /** The account that must have the bucket, where that is asked for. */
  readonly owner?: string | undefined;
};

export type ObjectPage = {
  readonly objects: readonly { readonly key: string; readonly bytes: number }[];
  /** Whether there are more behind the last one. */
  readonly isTruncated: boolean;
};

/** The store refuses, or does not answer for long. `message` says what and why, in one line. */
export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError';
  /** As S3 has it (`NoSuchBucket`, `AccessDenied`, `PreconditionFailed`, …), or `Unreachable`. */
  readonly code: string;
  /** Whether the same may succeed later. */
  readonly passes: boolean;

  constructor(message: string, code: string, passes: boolean) {
    super(message);
    this.code = code;
    this.passes = passes;
  }
}
