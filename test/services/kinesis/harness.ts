import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canaries, searchedLogger } from '../../../harness/canaries.ts';
import type { Disk } from '../../../src/env/disk.ts';
import { type Logger, silentLogger } from '../../../src/env/logger.ts';
import type { HttpMessage, HttpResponse } from '../../../src/env/network.ts';
import { nodeWorkers } from '../../../src/env/node-workers.ts';
import type { ServerOptions } from '../../../src/server/options.ts';
import { type Server, startServer } from '../../../src/server/server.ts';
import { TestRandom } from '../../log/world.ts';
import { temporaryDirectory } from '../../server/process.ts';
import { engineUnderTest, inItsTime, toRest } from './engine-under-test.ts';
import { ManualClock, settled } from './manual-clock.ts';
import { noClient, noNetwork } from './no-network.ts';
import { Subscriber } from './subscriber.ts';

/** A server on the memory engine, without sockets, in a world that stands still until a test moves it. */
export class Harness implements AsyncDisposable {
  readonly clock: ManualClock;
  /** For which calls are signed. */
  region = 'us-east-1';
  readonly #server: Server;
  readonly #written: (() => number) | undefined;
  readonly #disk: Disk | undefined;

  private constructor(server: Server, clock: ManualClock, written?: () => number, disk?: Disk) {
    this.#server = server;
    this.clock = clock;
    this.#written = written;
    this.#disk = disk;
  }

  /** The server's, on which `--s3 file:///` has its buckets. */
  get disk(): Disk {
    assert(this.#disk !== undefined);
    return this.#disk;
  }

  /** The same around a server that was started otherwise, with its clock. */
  static of(server: Server, clock: ManualClock): Harness {
    return new Harness(server, clock);
  }

  static async start(options: Partial<ServerOptions> = {}, inner: Logger = silentLogger): Promise<Harness> {
    const clock = new ManualClock();
    const engine = engineUnderTest(clock);
    const starting = startServer(
      { ...engine.options, ...options },
      {
        clock,
        ...engine.env,
        random: new TestRandom(1),
        network: noNetwork,
        client: noClient,
        workers: nodeWorkers,
        pressure: { busy: () => 0, idleCores: () => 0, heapBytesMax: () => 4 * 1024 ** 3 },
        logger: searchedLogger(inner),
        panic(reason, cause) {
          throw new Error(reason, { cause });
        },
      },
    );
    const started = () => inItsTime(starting, clock);
    const server = await (engine.written === undefined ? started() : toRest(started, clock, engine.written));
    return new Harness(server, clock, engine.written, engine.env.disk);
  }

  /** The same for the users in a credentials file with this text, whose signatures are verified. */
  static async startFor(users: string, options: Partial<ServerOptions> = {}): Promise<Harness> {
    using directory = temporaryDirectory();
    const credentials = join(directory.path, 'users');
    writeFileSync(credentials, users, { mode: 0o600 });
    return await Harness.start({ ...options, credentials });
  }

  /** Answers any request, and lets end what it has begun and no time is due for. */
  async handle(request: HttpMessage): Promise<HttpResponse> {
    const answer = () => inItsTime(this.#server.handle(request), this.clock, this.#takesTime);
    if (this.#written === undefined || isPut(request)) return await answer();
    return await toRest(answer, this.clock, this.#written);
  }

  /** Answers a request whose answer is no event stream. */
  async send(request: HttpMessage): Promise<WholeResponse> {
    const { status, headers, body } = await this.handle(request);
    if (Array.isArray(body)) return { status, headers, body: Buffer.concat(body) };
    assert(typeof body === 'string' || Buffer.isBuffer(body));
    return { status, headers, body: Buffer.from(body) };
  }

  /** Calls an operation with a body as it stands. */
  post(operation: string, body: string | Buffer, contentType = jsonType): Promise<WholeResponse> {
    return this.send(this.request(operation, body, contentType));
  }

  /** A call of an operation as a request. */
  request(operation: string, body: string | Buffer, contentType = jsonType): HttpMessage {
    const authorized = authorization.replace('us-east-1', this.region);
    const target = `Kinesis_20131202.${operation}`;
    return {
      method: 'POST',
      target: '/',
      rawHeaders: [
        ...['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z', 'Authorization', authorized],
        ...['X-Amz-Target', target, 'Content-Type', contentType],
      ],
      body: Buffer.from(body),
    };
  }

  /** Subscribes to a shard, which must succeed. */
  async subscribe(input: object): Promise<Subscriber> {
    const { status, body } = await this.handle(this.request('SubscribeToShard', JSON.stringify(input)));
    if (status === 200) return new Subscriber(body);
    throw new Error(`SubscribeToShard answered ${status} ${body}`);
  }

  /** Calls an operation in JSON, whatever becomes of it. */
  async answer(operation: string, input: object): Promise<Answer> {
    const { status, body } = await this.post(operation, JSON.stringify(input));
    return { status, body: body.length === 0 ? undefined : JSON.parse(String(body)) };
  }

  /** Calls an operation in JSON, which must succeed. */
  async call<Output = unknown>(operation: string, input: object = {}): Promise<Output> {
    const { status, body } = await this.answer(operation, input);
    if (status === 200) return body as Output;
    throw new Error(`${operation} answered ${status} ${JSON.stringify(body)}`);
  }

  /** Creates a stream and waits until it is ACTIVE. */
  async createStream(name: string, shardCount = 1): Promise<void> {
    await this.call('CreateStream', { StreamName: name, ShardCount: shardCount });
    await this.clock.advance(100);
  }

  /** Lets the background do what is due; no time passes. */
  settled(): Promise<void> {
    return settled();
  }

  /** Others have to answer for it, machines in the same time. */
  get #takesTime(): boolean {
    return this.#written !== undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await inItsTime(this.#server.close(), this.clock, this.#takesTime);
  }
}

/** Nothing follows from a put, and limits are counted in time that passes for whatever reason. */
function isPut({ rawHeaders }: HttpMessage): boolean {
  return rawHeaders.some((value) => /^Kinesis_\d+\.PutRecords?$/.test(value));
}

export type WholeResponse = Omit<HttpResponse, 'body'> & { readonly body: Buffer };

export type Answer = { readonly status: number; readonly body: unknown };

export const jsonType = 'application/x-amz-json-1.1';

/** Well-formed; without credentials a server looks no closer. */
export const authorization =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231114/us-east-1/kinesis/aws4_request, ' +
  `SignedHeaders=host;x-amz-date;x-amz-target, Signature=${canaries.signature}`;
