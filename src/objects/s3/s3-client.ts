import { type SigningCredentials, signedHeaders } from '../../access/sigv4/sign.ts';
import { Bounded } from '../../env/bounded.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import {
  AnswerTooLongError,
  type ClientAnswer,
  type ClientSend,
  type HttpClient,
} from '../../env/http-client.ts';
import { ObjectStoreError } from '../../env/object-store.ts';
import { reasonOf, sendPatiently } from '../../env/patient-send.ts';
import { readBytesMax } from '../object-names.ts';
import type { ObjectStoreSettings } from '../open-object-store.ts';
import { addressOf, type BucketAddress, redirectedTo, targetOf } from './bucket-address.ts';
import { noPayload, type Payload } from './payload.ts';
import { s3Error } from './s3-error.ts';

/** A request to S3. */
export type S3Request = {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  /** The account that must have the bucket. */
  readonly owner?: string | undefined;
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: Payload;
  /** How much of an answer is thought of; a page or an error unless it says. */
  readonly answerBytes?: number;
};

/**
 * Signs requests and sends them, each once, wherever the bucket is. What it learns is kept: regions of
 * buckets, and by how much the store's clock is ahead of this one.
 */
export class S3Client {
  readonly #world: { readonly clock: Clock; readonly client: HttpClient };
  readonly #endpoint: BucketAddress;
  readonly #credentials: SigningCredentials | undefined;
  readonly #addresses = new Bounded<string, BucketAddress>(addressesMax);
  #skewMs: Millis = 0;

  constructor(
    world: { readonly clock: Clock; readonly client: HttpClient },
    settings: Pick<ObjectStoreSettings, 'url' | 'region' | 'style' | 'credentials'>,
  ) {
    this.#world = world;
    this.#endpoint = addressOf(settings);
    this.#credentials = settings.credentials;
  }

  /** Resolves with a success. Rejects with `ObjectStoreError`, or with the signal's reason. */
  async send(request: S3Request, signal?: AbortSignal): Promise<ClientAnswer> {
    const { bucket } = request;
    let address = this.#addresses.get(bucket) ?? this.#endpoint;
    for (let hop = 0; ; hop++) {
      const answer = await this.#sendTo(address, request, signal);
      if (answer.status >= 200 && answer.status < 300) return answer;
      const redirect = hop === hopsMax ? undefined : redirectedTo(answer, address, bucket);
      if (redirect === undefined) throw this.#refusalOf(answer);
      address = redirect.address;
      if (redirect.isForGood) this.#addresses.set(bucket, address);
    }
  }

  async #sendTo(
    address: BucketAddress,
    request: S3Request,
    signal: AbortSignal | undefined,
  ): Promise<ClientAnswer> {
    const { payload = noPayload, answerBytes = 0 } = request;
    const slowestMs = ((payload.bytes.length + answerBytes) / slowestBytesPerSecond) * 1000;
    const send = this.#signed(address, request);
    try {
      return await sendPatiently(this.#world, send, patienceMs + Math.round(slowestMs), signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AnswerTooLongError) {
        throw new ObjectStoreError(`s3: ${error.message}`, 'EntityTooLarge', false);
      }
      throw new ObjectStoreError(`s3 cannot be reached: ${reasonOf(error)}`, 'Unreachable', true);
    }
  }

  #signed(address: BucketAddress, request: S3Request): ClientSend {
    if (this.#credentials === undefined) {
      const message = 's3 is asked with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which are not set';
      throw new ObjectStoreError(message, 'MissingCredentials', false);
    }
    const { method, bucket, key, owner, query = [], payload = noPayload, answerBytes = 0 } = request;
    const { host, target } = targetOf(address, bucket, key, query);
    // What goes over TLS arrives as it was; its checksum is signed among the headers.
    const payloadHash = address.protocol === 'https:' ? 'UNSIGNED-PAYLOAD' : payload.sha256;
    const headers = {
      ...request.headers,
      ...(owner !== undefined && { 'x-amz-expected-bucket-owner': owner }),
      'x-amz-content-sha256': payloadHash,
      host,
    };
    const unsigned = { method, target, headers, body: payload.bytes, payloadHash };
    const scope = { region: address.region, service: 's3' };
    const now = this.#world.clock.now() + this.#skewMs;
    return {
      ...{ method, url: `${address.protocol}//${host}${target}`, body: payload.bytes },
      headers: signedHeaders(unsigned, this.#credentials, scope, now),
      bodyBytesMax: Math.min(Math.max(answerBytes, pageBytesMax), readBytesMax),
      // Whoever calls tries again.
      keepAlive: true,
    };
  }

  /** A clock that is wrong is the one that signs: the next try goes by the store's. */
  #refusalOf(answer: ClientAnswer): ObjectStoreError {
    const error = s3Error(answer);
    const date = Date.parse(answer.headers['date'] ?? '');
    if (error.code === 'RequestTimeTooSkewed' && !Number.isNaN(date)) {
      this.#skewMs = date - this.#world.clock.now();
    }
    return error;
  }
}

/** Until the answer begins, and what the slowest connection that is put up with adds to it. */
const patienceMs: Millis = 30_000;
const slowestBytesPerSecond = 256 * 1024;

/** A page of 1,000 keys of 1,024 bytes, all of them escaped, has 3 MiB of keys. */
const pageBytesMax = 8 * 1024 * 1024;

const hopsMax = 3;
const addressesMax = 1000;
