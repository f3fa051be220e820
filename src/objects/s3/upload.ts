import { detached } from '../../env/detached.ts';
import { type ObjectPlace, ObjectStoreError, type StoredObject } from '../../env/object-store.ts';
import { element, xmlText } from '../../wire/query/xml.ts';
import { textIn } from '../../wire/xml-parts.ts';
import { type Tries, tryAgain } from '../tries.ts';
import type { ObjectPut } from './object-put.ts';
import { type Payload, payloadOf } from './payload.ts';
import type { S3Client } from './s3-client.ts';
import { lateError } from './s3-error.ts';

/**
 * Puts a large object in parts (S3 user guide, "Uploading and copying objects using multipart upload"), some
 * at once. Nothing is there before the last request, which alone has the conditions. An upload that fails is
 * aborted, so that its parts are not paid for; one that a crash ended is left to the bucket's rules.
 */
export class Upload {
  readonly #client: S3Client;
  readonly #tries: Tries;
  readonly #place: ObjectPlace;
  readonly #put: ObjectPut;

  constructor(client: S3Client, tries: Tries, place: ObjectPlace, put: ObjectPut) {
    this.#client = client;
    this.#tries = tries;
    this.#place = place;
    this.#put = put;
  }

  async run(bytes: readonly Uint8Array[], signal: AbortSignal | undefined): Promise<StoredObject> {
    const id = await tryAgain(this.#tries, () => this.#begin(signal), signal);
    const query = [['uploadId', id]] as const;
    try {
      const parts = await this.#sendParts(id, bytes, signal);
      const payload = await payloadOf([Buffer.from(completion(parts))], this.#tries.clock);
      const complete = async () => {
        const headers = { 'content-type': 'application/xml', ...this.#put.conditions() };
        const request = { method: 'POST', ...this.#place, query, headers, payload } as const;
        const answer = await this.#client.send(request, signal);
        const late = lateError(answer);
        if (late !== undefined) throw late;
        return textIn(answer.body.toString('utf8'), 'ETag') ?? '';
      };
      return await tryAgain(this.#tries, () => this.#put.store(complete, signal), signal);
    } catch (error) {
      // Where that fails, too, the parts stay until the bucket's rules remove them.
      detached(this.#client.send({ method: 'DELETE', ...this.#place, query }), () => {});
      throw error;
    }
  }

  async #begin(signal: AbortSignal | undefined): Promise<string> {
    const headers = { ...this.#put.headers(), 'x-amz-checksum-algorithm': 'CRC32' };
    const request = { method: 'POST', ...this.#place, query: [['uploads', '']], headers } as const;
    const { body } = await this.#client.send(request, signal);
    const id = textIn(body.toString('utf8'), 'UploadId');
    if (id !== undefined) return id;
    throw new ObjectStoreError('s3 began an upload without an id', 'InternalError', true);
  }

  /** The first that fails ends the others. */
  async #sendParts(
    id: string,
    bytes: readonly Uint8Array[],
    signal: AbortSignal | undefined,
  ): Promise<readonly SentPart[]> {
    const failed = new AbortController();
    const either = AbortSignal.any([failed.signal, ...(signal === undefined ? [] : [signal])]);
    const waiting = piecesOf(bytes).entries();
    const sent: SentPart[] = [];
    const sendSome = async () => {
      // They share one iterator: each part is taken by one of them.
      for (const [index, pieces] of waiting) {
        sent[index] = await this.#sendPart(id, index + 1, await payloadOf(pieces, this.#tries.clock), either);
      }
    };
    const senders = Array.from({ length: atOnce }, sendSome);
    try {
      await Promise.all(senders);
    } catch (error) {
      failed.abort(error);
      await Promise.allSettled(senders);
      throw error;
    }
    return sent;
  }

  async #sendPart(id: string, number: number, payload: Payload, signal: AbortSignal): Promise<SentPart> {
    const query = [
      ['partNumber', String(number)],
      ['uploadId', id],
    ] as const;
    const headers = { 'x-amz-checksum-crc32': payload.crc32 };
    const request = { method: 'PUT', ...this.#place, query, headers, payload } as const;
    const answer = await tryAgain(this.#tries, () => this.#client.send(request, signal), signal);
    return { number, etag: answer.headers['etag'] ?? '', crc32: payload.crc32 };
  }
}

type SentPart = { readonly number: number; readonly etag: string; readonly crc32: string };

function completion(parts: readonly SentPart[]): string {
  const content = parts.map(({ number, etag, crc32 }) => {
    const facts = element('PartNumber', `${number}`) + element('ETag', xmlText(etag));
    return element('Part', facts + element('ChecksumCRC32', crc32));
  });
  return element('CompleteMultipartUpload', content.join(''), ` xmlns="${namespace}"`);
}

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Views of the bytes, part by part. */
function piecesOf(bytes: readonly Uint8Array[]): Uint8Array[][] {
  const total = bytes.reduce((sum, { length }) => sum + length, 0);
  const partBytes = Math.max(partBytesMin, Math.ceil(total / partsMax));
  const parts: Uint8Array[][] = [];
  let room = 0;
  for (const each of bytes) {
    for (let at = 0; at < each.length; ) {
      if (room === 0) {
        parts.push([]);
        room = partBytes;
      }
      const piece = each.subarray(at, at + room);
      parts.at(-1)!.push(piece);
      at += piece.length;
      room -= piece.length;
    }
  }
  return parts;
}

const partBytesMin = 8 * 1024 * 1024;

/** S3 user guide, "Amazon S3 multipart upload limits". */
const partsMax = 10_000;

/** A part is copied into one piece where it is in several: so many of them are held besides the object. */
const atOnce = 3;
