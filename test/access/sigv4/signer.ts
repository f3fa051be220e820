import assert from 'node:assert/strict';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest as SmithyRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { canaries } from '../../../harness/canaries.ts';
import {
  createVerifier,
  type Key,
  type Keys,
  type Verified,
  type VerifierOptions,
} from '../../../src/access/sigv4/sigv4.ts';
import type { Millis } from '../../../src/env/clock.ts';
import type { HttpMessage } from '../../../src/env/network.ts';
import { HeaderFields } from '../../../src/http/headers.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';

/** What a client signs, and with which key. Everything has a default. */
export type Order = {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly accessKeyId?: string;
  readonly key?: Key;
  readonly region?: string;
  readonly service?: string;
  readonly at?: Millis;
  /** Headers that are sent but left out of the signature. */
  readonly unsigned?: readonly string[];
  /** Makes it a pre-signed request, of so many seconds. */
  readonly expiresIn?: number;
};

export const accessKeyId = 'AKIDEXAMPLE';
export const key: Key = { secretAccessKey: canaries.secretAccessKey };
export const keys: Keys = { find: (id) => (id === accessKeyId ? key : undefined) };
export const services: readonly string[] = ['kinesis'];
export const now: Millis = Date.UTC(2026, 6, 9, 12, 30, 0);

/** Signs with the AWS SDK's own signer, and sends nothing. */
export async function sign(order: Order = {}): Promise<HttpMessage> {
  const { expiresIn, unsigned = [], at = now } = order;
  const signer = new SignatureV4({
    credentials: {
      accessKeyId,
      ...(order.key ?? key),
      ...(order.accessKeyId && { accessKeyId: order.accessKeyId }),
    },
    region: order.region ?? 'us-east-1',
    service: order.service ?? 'kinesis',
    sha256: Sha256,
    applyChecksum: false,
  });
  const body = Buffer.from(order.body ?? '{"StreamName":"orders"}');
  const request = new SmithyRequest({
    method: order.method ?? 'POST',
    path: order.path ?? '/',
    query: order.query ?? {},
    headers: order.headers ?? {
      host: 'localhost:4567',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.DescribeStream',
    },
    body,
  });
  const options = { signingDate: new Date(at), unsignableHeaders: new Set(unsigned) };
  const unhoistableHeaders = new Set(Object.keys(request.headers).map((name) => name.toLowerCase()));
  const signed =
    expiresIn === undefined
      ? await signer.sign(request, options)
      : await signer.presign(request, { ...options, expiresIn, unhoistableHeaders });
  return received(signed, body);
}

type Sendable = Pick<SmithyRequest, 'method' | 'path' | 'headers'> & { query?: SmithyRequest['query'] };

/** The request as it arrives: HTTP/2's `:authority` stands as `host`. */
export function received({ method, path, query, headers }: Sendable, body: Buffer): HttpMessage {
  const parameters = Object.entries(query ?? {}).flatMap(([name, values]) =>
    [values ?? ''].flat().map((value) => `${percentEncode(name)}=${percentEncode(value)}`),
  );
  return {
    method,
    target: parameters.length === 0 ? path : `${path}?${parameters.join('&')}`,
    rawHeaders: Object.entries(headers).flatMap(([name, value]) => [
      name === ':authority' ? 'host' : name,
      value,
    ]),
    body,
  };
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The same request with a header set anew, added, or taken away when `value` is undefined. */
export function withHeader(request: HttpMessage, name: string, value: string | undefined): HttpMessage {
  const rawHeaders: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    if (request.rawHeaders[index]!.toLowerCase() === name.toLowerCase()) continue;
    rawHeaders.push(request.rawHeaders[index]!, request.rawHeaders[index + 1]!);
  }
  return { ...request, rawHeaders: value === undefined ? rawHeaders : [...rawHeaders, name, value] };
}

/** A good request with its Authorization header edited. */
export async function withAuthorization(
  from: string | RegExp,
  to: string | ((text: string) => string),
): Promise<HttpMessage> {
  const request = await sign();
  const index = request.rawHeaders.indexOf('authorization');
  return withHeader(request, 'authorization', request.rawHeaders[index + 1]!.replace(from, to as string));
}

export function refuses(
  request: HttpMessage,
  type: string,
  message: string,
  options: VerifierOptions = { keys, services },
): void {
  assert.throws(() => verifier(options)(request, now), new ServiceError(type, message));
}

/** Verifies requests that may be signed for any of the services. */
export function verifier(options: VerifierOptions): (request: HttpMessage, now: Millis) => Verified {
  const verify = createVerifier(options);
  return (request, time) => verify(request, new HeaderFields(request.rawHeaders), time, options.services);
}
