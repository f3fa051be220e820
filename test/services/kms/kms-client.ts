import { KMSClient } from '@aws-sdk/client-kms';
import { HttpResponse } from '@smithy/protocol-http';
import type { Harness } from '../kinesis/harness.ts';

/** The official client of a server, without a socket between them. */
export function kmsClient(
  server: Pick<Harness, 'send'>,
  region = 'eu-central-1',
  accessKeyId = 'KEY',
): KMSClient {
  return new KMSClient({
    endpoint: 'http://localhost:4567',
    region,
    credentials: { accessKeyId, secretAccessKey: 'the secret of the tests' },
    maxAttempts: 1,
    requestHandler: {
      async handle(request: SignedRequest) {
        const { status, headers, body } = await server.send({
          method: request.method,
          target: request.path,
          rawHeaders: Object.entries(request.headers).flat(),
          body: bytesOf(request.body),
        });
        return { response: new HttpResponse({ statusCode: status, headers: lowered(headers), body }) };
      },
    },
  });
}

function bytesOf(body: string | Uint8Array = ''): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.concat([body]);
}

type SignedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
