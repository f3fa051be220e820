import {
  type ObjectPlace,
  ObjectStoreError,
  type PutHow,
  type StoredObject,
} from '../../env/object-store.ts';
import type { S3Client } from './s3-client.ts';
import { isCode } from './s3-error.ts';

/**
 * An object on its way to S3. An attempt whose answer was lost may have stored it: then a condition does not
 * hold any more, although nobody else put anything. So a put that asks for a condition, or goes in parts,
 * says a word of its own among the object's metadata, and looks whether that word is there.
 */
export class ObjectPut {
  readonly #client: S3Client;
  readonly #place: ObjectPlace;
  readonly #how: PutHow;
  readonly #bytes: number;
  /** Hex; undefined where it does not matter who stored it. */
  readonly #word: string | undefined;
  #isUnclear = false;

  constructor(
    client: S3Client,
    place: ObjectPlace,
    how: PutHow,
    { bytes, word }: { readonly bytes: number; readonly word: string | undefined },
  ) {
    this.#client = client;
    this.#place = place;
    this.#how = how;
    this.#bytes = bytes;
    this.#word = word;
  }

  /** What the object is to be like. */
  headers(): Record<string, string> {
    const { contentType = 'application/octet-stream', contentEncoding, storageClass, kmsKeyArn } = this.#how;
    return {
      'content-type': contentType,
      ...(contentEncoding !== undefined && { 'content-encoding': contentEncoding }),
      ...(storageClass !== undefined && { 'x-amz-storage-class': storageClass }),
      ...(kmsKeyArn !== undefined && {
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyArn,
      }),
      ...(this.#word !== undefined && { [wordHeader]: this.#word }),
    };
  }

  /** When it may be stored. */
  conditions(): Record<string, string> {
    const { ifNone, ifMatch } = this.#how;
    return {
      ...(ifNone === true && { 'if-none-match': '*' }),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    };
  }

  /**
   * Has it stored by one request, which answers the ETag. Rejects with `PreconditionFailed` where somebody
   * else's object is there, or none where there was to be one.
   */
  async store(send: () => Promise<string>, signal: AbortSignal | undefined): Promise<StoredObject> {
    try {
      return { etag: await send(), bytes: this.#bytes };
    } catch (error) {
      if (isCode(error, 'PreconditionFailed', 'NoSuchKey', 'NoSuchUpload')) {
        const ours = this.#isUnclear ? await this.#ours(signal) : undefined;
        if (ours !== undefined) return ours;
        // There is none to be replaced.
        if (error.code === 'NoSuchKey' && this.#how.ifMatch !== undefined)
          throw new ObjectStoreError(error.message, 'PreconditionFailed', false);
      }
      this.#isUnclear ||= error instanceof ObjectStoreError && error.passes;
      throw error;
    }
  }

  async #ours(signal: AbortSignal | undefined): Promise<StoredObject | undefined> {
    try {
      const { headers } = await this.#client.send({ method: 'HEAD', ...this.#place }, signal);
      if (this.#word === undefined || headers[wordHeader] !== this.#word) return undefined;
      return { etag: headers['etag'] ?? '', bytes: this.#bytes };
    } catch (error) {
      if (isCode(error, 'NoSuchKey')) return undefined;
      throw error;
    }
  }
}

const wordHeader = 'x-amz-meta-millrace-put';
