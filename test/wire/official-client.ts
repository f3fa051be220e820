import assert from 'node:assert/strict';
import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { type HttpRequest, HttpResponse } from '@smithy/protocol-http';
import { HeaderFields } from '../../src/http/headers.ts';
import { operations } from '../../src/services/kinesis/operations.ts';
import type { Protocol } from '../../src/wire/protocol.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { received } from '../access/sigv4/signer.ts';

type SpokenProtocol = NonNullable<KinesisClientConfig['protocol']>;

/**
 * The official client, told to speak a protocol that Kinesis does not have, and our side of that protocol
 * with Kinesis's shapes. So there are two models of one service, made by two, and no socket in between.
 */
export class OfficialClient {
  readonly client: KinesisClient;
  /** What was read of the latest request. */
  input: unknown;
  /** What is answered to the next: an output, or an error. */
  answer: unknown;
  readonly #protocol: Protocol;

  constructor(protocol: Protocol, spoken: SpokenProtocol) {
    this.#protocol = protocol;
    this.client = new KinesisClient({
      endpoint: 'http://localhost:1',
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      protocol: spoken,
      requestHandler: { handle: async (request: HttpRequest) => ({ response: this.#respond(request) }) },
      maxAttempts: 1,
    });
  }

  #respond(sent: HttpRequest): HttpResponse {
    const protocol = this.#protocol;
    const peer = { address: '127.0.0.1', secure: false, listener: 'localhost:1' };
    const body = sent.body as string | Uint8Array;
    const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.concat([body]);
    const request = { ...received(sent, bytes), peer };
    const headers = new HeaderFields(request.rawHeaders);
    assert.equal(protocol.isSpokenIn(request, headers), true);
    const called = protocol.callOf(request, headers);
    const operation = operations.get(called?.operation ?? '');
    assert.ok(called && operation);
    assert.equal(protocol.misformOf(request, headers, operation), undefined);
    this.input = protocol.decode(request.body, called, operation.input);
    const answered =
      this.answer instanceof ServiceError
        ? protocol.refuse(this.answer, 'id')
        : protocol.answer(this.answer, operation, 'id');
    const { status, headers: fields } = answered;
    assert(typeof answered.body === 'string' || Buffer.isBuffer(answered.body));
    return new HttpResponse({ statusCode: status, headers: { ...fields }, body: Buffer.from(answered.body) });
  }
}
