import type { Clock } from '../../env/clock.ts';
import type { ClientAnswer, HttpClient } from '../../env/http-client.ts';
import type {
  ByteRange,
  FoundObject,
  FoundRange,
  ListRequest,
  ObjectPage,
  ObjectPlace,
  ObjectStore,
  PutHow,
  StoredObject,
} from '../../env/object-store.ts';
import type { Random } from '../../env/random.ts';
import { readBytesMax, requireBucketName, requireNames, requireToFit } from '../object-names.ts';
import type { ObjectStoreSettings } from '../open-object-store.ts';
import { type Tries, tryAgain } from '../tries.ts';
import { listQuery, pageIn } from './list-page.ts';
import { ObjectPut } from './object-put.ts';
import { payloadOf } from './payload.ts';
import { S3Client, type S3Request } from './s3-client.ts';
import { isCode } from './s3-error.ts';
import { Upload } from './upload.ts';

/** S3, or a store that speaks like it. */
export class S3Store implements ObjectStore {
  readonly #client: S3Client;
  readonly #tries: Tries;

  constructor(
    world: { readonly clock: Clock; readonly random: Random; readonly client: HttpClient },
    settings: ObjectStoreSettings & { readonly triesMax: number },
  ) {
    this.#client = new S3Client(world, settings);
    this.#tries = { clock: world.clock, random: world.random, triesMax: settings.triesMax };
  }

  async put(
    place: ObjectPlace,
    bytes: readonly Uint8Array[],
    how: PutHow = {},
    signal?: AbortSignal,
  ): Promise<StoredObject> {
    requireNames(place);
    const total = bytes.reduce((sum, { length }) => sum + length, 0);
    const isLarge = total > wholeBytesMax;
    const isTold = isLarge || how.ifNone === true || how.ifMatch !== undefined;
    const word = isTold ? this.#tries.random.bytes(16).toString('hex') : undefined;
    const put = new ObjectPut(this.#client, place, how, { bytes: total, word });
    if (isLarge) return await new Upload(this.#client, this.#tries, place, put).run(bytes, signal);
    const payload = await payloadOf(bytes, this.#tries.clock);
    const headers = { ...put.headers(), ...put.conditions(), 'x-amz-checksum-crc32': payload.crc32 };
    const send = async () => {
      const answer = await this.#client.send({ method: 'PUT', ...place, headers, payload }, signal);
      return answer.headers['etag'] ?? '';
    };
    return await tryAgain(this.#tries, () => put.store(send, signal), signal);
  }

  get(place: ObjectPlace, range?: undefined, signal?: AbortSignal): Promise<FoundObject | undefined>;
  get(place: ObjectPlace, range: ByteRange, signal?: AbortSignal): Promise<FoundRange | undefined>;
  async get(
    place: ObjectPlace,
    range?: ByteRange,
    signal?: AbortSignal,
  ): Promise<FoundObject | FoundRange | undefined> {
    requireNames(place);
    if (range !== undefined) return await this.#getRange(place, range, signal);
    const answer = await this.#ask({ method: 'GET', ...place, answerBytes: readBytesMax }, signal);
    if (answer === undefined) return undefined;
    const { headers, body } = answer;
    return { etag: headers['etag'] ?? '', bytes: body.length, body };
  }

  async head(place: ObjectPlace, signal?: AbortSignal): Promise<StoredObject | undefined> {
    requireNames(place);
    const answer = await this.#ask({ method: 'HEAD', ...place }, signal);
    if (answer === undefined) return undefined;
    const { headers } = answer;
    return { etag: headers['etag'] ?? '', bytes: Number(headers['content-length']) };
  }

  async list(bucket: string, request: ListRequest, signal?: AbortSignal): Promise<ObjectPage> {
    requireBucketName(bucket);
    const query = listQuery(request);
    const send = () => this.#client.send({ method: 'GET', bucket, key: '', query }, signal);
    return pageIn(String((await tryAgain(this.#tries, send, signal)).body));
  }

  async delete(place: ObjectPlace, signal?: AbortSignal): Promise<void> {
    requireNames(place);
    await this.#ask({ method: 'DELETE', ...place }, signal);
  }

  async #getRange(
    place: ObjectPlace,
    { start, end }: ByteRange,
    signal: AbortSignal | undefined,
  ): Promise<FoundRange | undefined> {
    requireToFit(end - start, place);
    if (end <= start) {
      const found = await this.head(place, signal);
      return found && { bytes: found.bytes, body: Buffer.alloc(0) };
    }
    const headers = { range: `bytes=${start}-${end - 1}` };
    const request = { method: 'GET', ...place, headers, answerBytes: end - start } as const;
    try {
      const answer = await this.#ask(request, signal);
      return answer && rangeIn(answer, { start, end });
    } catch (error) {
      if (!isCode(error, 'InvalidRange')) throw error;
      // It begins behind the end.
      return await this.#getRange(place, { start, end: start }, signal);
    }
  }

  /** Undefined where there is no such object. An answer to HEAD says that of a bucket, too. */
  async #ask(request: S3Request, signal: AbortSignal | undefined): Promise<ClientAnswer | undefined> {
    try {
      return await tryAgain(this.#tries, () => this.#client.send(request, signal), signal);
    } catch (error) {
      if (isCode(error, 'NoSuchKey')) return undefined;
      throw error;
    }
  }
}

/** A store that knows no ranges answers all of it. */
function rangeIn({ status, headers, body }: ClientAnswer, { start, end }: ByteRange): FoundRange {
  if (status !== 206) return { bytes: body.length, body: body.subarray(start, end) };
  const bytes = Number(/\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] ?? start + body.length);
  return { bytes, body };
}

/** What is larger goes in parts. */
const wholeBytesMax = 16 * 1024 * 1024;
