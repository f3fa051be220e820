import type { Handler, Peer } from '../../src/env/network.ts';
import { authorization } from '../services/kinesis/harness.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { Subscriber } from '../services/kinesis/subscriber.ts';

/** Where the requests of all clients come from. */
export const peer: Peer = { address: '127.0.0.1', secure: false, listener: '127.0.0.1:4567' };

/** A client of Kinesis in JSON, without a socket. */
export class TestClient {
  readonly #handle: Handler;
  readonly #agent: string | undefined;

  constructor(handle: Handler, agent?: string) {
    this.#handle = handle;
    this.#agent = agent;
  }

  /** The same, which says what it is. */
  as(agent: string): TestClient {
    return new TestClient(this.#handle, agent);
  }

  /** Calls an operation in JSON, whatever becomes of it. */
  async answer(operation: string, input: object): Promise<{ status: number; body: unknown }> {
    const { status, body } = await this.request(operation, input);
    return { status, body: body.length === 0 ? undefined : JSON.parse(String(body)) };
  }

  /** Calls an operation in JSON, which must succeed. */
  async call<Output = unknown>(operation: string, input: object = {}): Promise<Output> {
    const { status, body } = await this.answer(operation, input);
    if (status === 200) return body as Output;
    throw new Error(`${operation} answered ${status} ${JSON.stringify(body)}`);
  }

  /** Calls an operation of DynamoDB, whatever becomes of it. */
  async dynamodb(operation: string, input: object): Promise<{ status: number; body: unknown }> {
    const { status, body } = await this.#send(`DynamoDB_20120810.${operation}`, input, 'dynamodb');
    return { status, body: JSON.parse(String(body)) };
  }

  /** Calls an operation of Millrace's own, which must succeed. */
  async millrace<Output = unknown>(operation: string, input: object): Promise<Output> {
    const { status, body } = await this.#send(`Millrace_20261129.${operation}`, input, 'millrace');
    const text = Array.isArray(body) ? String(Buffer.concat(body)) : String(body);
    if (status !== 200) throw new Error(`${operation} answered ${status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Output;
  }

  async subscribe(input: object): Promise<Subscriber> {
    const { status, body } = await this.#send('Kinesis_20131202.SubscribeToShard', input);
    if (status === 200) return new Subscriber(body);
    throw new Error(`SubscribeToShard answered ${status} ${body}`);
  }

  async request(operation: string, input: object): Promise<{ status: number; body: Buffer }> {
    const { status, body } = await this.#send(`Kinesis_20131202.${operation}`, input);
    if (typeof body === 'string' || Buffer.isBuffer(body)) return { status, body: Buffer.from(body) };
    return { status, body: Buffer.concat(body as readonly Buffer[]) };
  }

  /** Asks until a stream is ACTIVE. */
  async active(name: string): Promise<void> {
    for (;;) {
      const { status, body } = await this.answer('DescribeStreamSummary', { StreamName: name });
      const description = (body as { StreamDescriptionSummary?: { StreamStatus: string } })
        .StreamDescriptionSummary;
      if (status === 200 && description?.StreamStatus === 'ACTIVE') return;
      await settled();
    }
  }

  #send(target: string, input: object, service: 'kinesis' | 'dynamodb' | 'millrace' = 'kinesis') {
    const type = `application/x-amz-json-${service === 'dynamodb' ? '1.0' : '1.1'}`;
    const signed = authorization.replace('/kinesis/', `/${service}/`);
    const rawHeaders = [
      ...['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z', 'Authorization', signed],
      ...['X-Amz-Target', target, 'Content-Type', type],
      ...(this.#agent === undefined ? [] : ['User-Agent', this.#agent]),
    ];
    return this.#handle({
      method: 'POST',
      target: '/',
      rawHeaders,
      body: Buffer.from(JSON.stringify(input)),
      peer,
    });
  }
}
