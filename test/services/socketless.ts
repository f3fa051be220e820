import { HttpResponse } from '@smithy/protocol-http';
import type { Harness } from './kinesis/harness.ts';

type SignedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

/** Has an official client send its requests to a server without a socket between them. */
export function socketless(server: Pick<Harness, 'send'>) {
  return {
    async handle(request: SignedRequest) {
      const { status, headers, body } = await server.send({
        method: request.method,
        target: request.path,
        rawHeaders: Object.entries(request.headers).flat(),
        body: bytesOf(request.body),
      });
      return { response: new HttpResponse({ statusCode: status, headers: lowered(headers), body }) };
    },
  };
}

function bytesOf(body: string | Uint8Array = ''): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.concat([body]);
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
