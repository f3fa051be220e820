import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { HeaderFields } from '../../../../src/http/headers.ts';
import { ServiceError } from '../../../../src/wire/service-error.ts';
import { verifier } from '../../../access/sigv4/signer.ts';

export const credentials = { accessKeyId: 'AKIDOTHERS', secretAccessKey: 'secret', sessionToken: 'token' };

/** What SQS, SNS and S3 have got. */
export type Arrived = {
  readonly messages: { readonly queue: string; readonly text: string; readonly region: string }[];
  readonly publications: { readonly topic: string; readonly text: string }[];
  readonly objects: Map<string, string>;
};

type Answer = { readonly status: number; readonly body: string };
type Received = { readonly request: IncomingMessage; readonly body: string; readonly region: string };

/**
 * SQS, SNS and S3 behind one port, as far as a message, a publication and an object go: their protocols, and
 * their signatures verified. `fates` come first, one for each request.
 */
export class FakeServices implements AsyncDisposable {
  readonly arrived: Arrived = { messages: [], publications: [], objects: new Map() };
  readonly fates: (Answer | 'silence' | 'hang up' | 'hang up after it')[] = [];
  requests = 0;
  readonly #now: () => number;
  readonly #server = createServer((request, response) => void this.#take(request, response));
  #taken: () => void = () => {};

  constructor(now: () => number) {
    this.#now = now;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves with the next request. */
  taken(): Promise<void> {
    return new Promise((resolve) => {
      this.#taken = resolve;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await buffer(request);
    this.requests++;
    this.#taken();
    const fate = this.fates.shift();
    if (fate === 'silence') return;
    if (fate === 'hang up after it') this.#answer(request, bytes);
    if (typeof fate === 'string') return void request.socket.destroy();
    const { status, body } = fate ?? this.#answer(request, bytes);
    response.writeHead(status).end(body);
  }

  #answer(request: IncomingMessage, body: Buffer): Answer {
    const message = { method: request.method!, target: request.url!, rawHeaders: request.rawHeaders, body };
    const keys = { find: () => credentials };
    try {
      const verify = verifier({ keys, services: ['sqs', 'sns', 's3'] });
      const { service, region } = verify(message, this.#now());
      const received = { request, body: String(body), region };
      if (service === 'sqs') return this.#sqs(received);
      return service === 'sns' ? this.#sns(received) : this.#s3(received);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { status: 403, body: JSON.stringify({ __type: error.type, message: error.message }) };
    }
  }

  #sqs({ request: { headers, url }, body, region }: Received): Answer {
    const isCall = url === '/' && headers['x-amz-target'] === 'AmazonSQS.SendMessage';
    if (!isCall || headers['content-type'] !== 'application/x-amz-json-1.0') return unknown;
    const { QueueUrl, MessageBody } = JSON.parse(body);
    const queue = new URL(QueueUrl).pathname;
    if (queue.endsWith('/gone')) {
      const said = { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'The queue\ndoes not exist.' };
      return { status: 400, body: JSON.stringify(said) };
    }
    this.arrived.messages.push({ queue, text: MessageBody, region });
    return { status: 200, body: JSON.stringify({ MessageId: 'm' }) };
  }

  #sns({ request: { headers, url }, body }: Received): Answer {
    const form = new URLSearchParams(body);
    const isCall = url === '/' && form.get('Action') === 'Publish' && form.get('Version') === '2010-03-31';
    if (!isCall || !headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return unknown;
    const topic = form.get('TopicArn')!;
    if (topic.endsWith(':gone')) {
      const error =
        '<Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic &lt;gone&gt;</Message></Error>';
      return { status: 404, body: `<ErrorResponse>${error}</ErrorResponse>` };
    }
    this.arrived.publications.push({ topic, text: form.get('Message')! });
    return { status: 200, body: '<PublishResponse/>' };
  }

  #s3({ request: { method, url, rawHeaders }, body }: Received): Answer {
    if (method !== 'PUT') return unknown;
    if (new HeaderFields(rawHeaders).get('x-amz-content-sha256') === undefined) return unknown;
    if (url!.startsWith('/gone/')) {
      return { status: 404, body: '<Error><Code>NoSuchBucket</Code><Message>None.</Message></Error>' };
    }
    this.arrived.objects.set(url!, body);
    return { status: 200, body: '' };
  }
}

const unknown: Answer = { status: 400, body: 'what is that' };
