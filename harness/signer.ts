import { createHmac, hash } from 'node:crypto';
import { canaries } from './canaries.ts';

/** The one user of the benchmark. */
export const credentials = { accessKeyId: 'BENCHMARK', secretAccessKey: canaries.secretAccessKey };
export const region = 'us-east-1';

/** A service as a signature names it, how its targets begin, and what it is told in. */
export type SignedService = { readonly scope: string; readonly prefix: string; readonly contentType: string };

export const kinesis: SignedService = {
  scope: 'kinesis',
  prefix: 'Kinesis_20131202',
  contentType: 'application/x-amz-json-1.1',
};
export const dynamodb: SignedService = {
  scope: 'dynamodb',
  prefix: 'DynamoDB_20120810',
  contentType: 'application/x-amz-json-1.0',
};

/** Builds requests that AWS would accept, signed with Signature Version 4. */
export class Signer {
  readonly #host: string;
  readonly #service: SignedService;
  readonly #contentType: string;
  #day = '';
  #key: Buffer = Buffer.alloc(0);

  constructor(port: number, contentType?: string, service = kinesis) {
    this.#contentType = contentType ?? service.contentType;
    this.#service = service;
    this.#host = `127.0.0.1:${port}`;
  }

  /** The whole request as it goes over the wire of HTTP/1.1. */
  request(operation: string, body: Uint8Array, now = Date.now()): Buffer {
    const headers = Object.entries(this.headers(operation, body, now)).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const head = ['POST / HTTP/1.1', `Host: ${this.#host}`, ...headers, `Content-Length: ${body.length}`];
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
  }

  /** All headers but the host and the length. */
  headers(operation: string, body: Uint8Array, now = Date.now()): Record<string, string> {
    const time = timeOf(now);
    const target = `${this.#service.prefix}.${operation}`;
    return {
      'Content-Type': this.#contentType,
      'X-Amz-Date': time,
      'X-Amz-Target': target,
      Authorization: this.#authorization(time, target, body),
    };
  }

  /** The headers of a GET of a path without a query, but for the host. */
  pathHeaders(path: string, now = Date.now()): Record<string, string> {
    const time = timeOf(now);
    const canonical = `GET\n${path}\n\nhost:${this.#host}\nx-amz-date:${time}\n\nhost;x-amz-date\n${hash('sha256', '')}`;
    return { 'X-Amz-Date': time, Authorization: this.#signed(time, canonical, 'host;x-amz-date') };
  }

  /** The four steps of docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. */
  #authorization(time: string, target: string, body: Uint8Array): string {
    const headers = `content-type:${this.#contentType}\nhost:${this.#host}\nx-amz-date:${time}\nx-amz-target:${target}\n`;
    const canonical = `POST\n/\n\n${headers}\n${signedHeaders}\n${hash('sha256', body)}`;
    return this.#signed(time, canonical, signedHeaders);
  }

  #signed(time: string, canonical: string, names: string): string {
    const day = time.slice(0, 8);
    const scope = `${day}/${region}/${this.#service.scope}/aws4_request`;
    const toSign = `${algorithm}\n${time}\n${scope}\n${hash('sha256', canonical)}`;
    const signature = hmac(this.#signingKey(day), toSign).toString('hex');
    return `${algorithm} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  }

  #signingKey(day: string): Buffer {
    if (day !== this.#day) {
      this.#day = day;
      const parts = [day, region, this.#service.scope, 'aws4_request'];
      this.#key = parts.reduce(hmac, Buffer.from(`AWS4${credentials.secretAccessKey}`));
    }
    return this.#key;
  }
}

const algorithm = 'AWS4-HMAC-SHA256';
const signedHeaders = 'content-type;host;x-amz-date;x-amz-target';

function timeOf(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** One request, replayed: signed in advance, and again before the signature's five minutes are over. */
export class SignedRequest {
  readonly #signer: Signer;
  readonly #operation: string;
  readonly #body: Uint8Array;
  #bytes: Buffer;
  #signedAt: number;

  constructor(signer: Signer, operation: string, body: Uint8Array) {
    this.#signer = signer;
    this.#operation = operation;
    this.#body = body;
    this.#signedAt = Date.now();
    this.#bytes = signer.request(operation, body);
  }

  /** For HTTP/2; signed now. */
  parts(now: number): { headers: Record<string, string>; body: Uint8Array } {
    return { headers: this.#signer.headers(this.#operation, this.#body, now), body: this.#body };
  }

  bytes(now: number): Buffer {
    if (now - this.#signedAt > signatureAgeMaxMs) {
      this.#signedAt = now;
      this.#bytes = this.#signer.request(this.#operation, this.#body, now);
    }
    return this.#bytes;
  }
}

const signatureAgeMaxMs = 4 * 60 * 1000;
