import assert from 'node:assert/strict';
import { FakeS3, s3Credentials } from '../../../harness/objects/fake-s3.ts';
import { type SigningCredentials, signedHeaders } from '../../../src/access/sigv4/sign.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import type { HttpResponse } from '../../../src/env/network.ts';
import type { ServerOptions } from '../../../src/server/options.ts';
import { type Server, startServer } from '../../../src/server/server.ts';
import { ThreadsInProcess } from '../../delivery/threads-in-process.ts';
import { FakeDisk } from '../../log/fake-disk.ts';
import { TestRandom } from '../../log/world.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { noCluster, noNetwork } from '../../services/kinesis/no-network.ts';

process.env['AWS_ACCESS_KEY_ID'] = s3Credentials.accessKeyId;
process.env['AWS_SECRET_ACCESS_KEY'] = s3Credentials.secretAccessKey;

/** An answer: JSON as it is read, else text. */
export type Answered = { readonly status: number; readonly body: unknown };

/** A server that verifies signatures, one process after the other on one disk, and a store of objects. */
export class SignedServer {
  readonly clock = new ManualClock();
  readonly s3 = new FakeS3(() => this.clock.now());
  readonly disk = new FakeDisk();
  #boots = 0;
  #server: Server | undefined;
  #root: SigningCredentials | undefined;

  static async boot(options: Partial<ServerOptions> = {}): Promise<SignedServer> {
    const machine = new SignedServer();
    machine.clock.follow({ turns: 8 });
    machine.s3.buckets.create('lake');
    machine.disk.isHasty = true;
    await machine.boot(options);
    return machine;
  }

  async boot(options: Partial<ServerOptions> = {}): Promise<void> {
    const random = new TestRandom(++this.#boots);
    this.#server = await startServer(
      {
        ...{ data: '.', segmentBytes: 65_536, limits: 'none', port: 0, workers: 0, auth: 'required' },
        ...{ s3: 'http://s3.test', transitionDelay: 0, ...options },
      },
      {
        ...{ clock: this.clock, disk: this.disk, random, logger: silentLogger, ...noCluster },
        ...{ network: noNetwork, client: this.s3, workers: new ThreadsInProcess(this.clock, random) },
        pressure: { busy: () => 0, idleCores: () => 0, heapBytesMax: () => 4 * 1024 ** 3 },
        panic(reason, cause) {
          throw new Error(reason, { cause });
        },
      },
    );
    this.#root ??= this.#server.rootUser;
  }

  async close(): Promise<void> {
    let isClosed = false;
    const closing = this.#server!.close().then(() => {
      isClosed = true;
    });
    for (let second = 0; !isClosed && second < 100; second++) await this.clock.advance(1_000);
    await closing;
  }

  async call(service: string, target: string, input: object, as = this.#root!): Promise<Answered> {
    const body = JSON.stringify(input);
    const headers = {
      host: 'localhost',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
    };
    return await this.#send(service, headers, body, as);
  }

  /** The same, which must succeed. */
  async ok<Answer = object>(service: string, target: string, input: object): Promise<Answer> {
    const { status, body } = await this.call(service, target, input);
    assert.equal(status, 200, `${target}: ${JSON.stringify(body)}`);
    return body as Answer;
  }

  /** A GET whose answer may be in pieces. */
  async get(service: string, target: string, as = this.#root!): Promise<HttpResponse> {
    const unsigned = { method: 'GET', target, headers: { host: 'localhost' }, body: '' };
    const signed = signedHeaders(unsigned, as, { region: 'us-east-1', service }, this.clock.now());
    const rawHeaders = Object.entries(signed).flat();
    return await this.#server!.handle({ method: 'GET', target, body: Buffer.alloc(0), rawHeaders });
  }

  async iam(Action: string, input: Readonly<Record<string, string>>): Promise<string> {
    const body = String(new URLSearchParams({ Action, Version: '2010-05-08', ...input }));
    const headers = { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await this.#send('iam', headers, body, this.#root!);
    assert.equal(answer.status, 200, `${Action}: ${answer.body}`);
    return String(answer.body);
  }

  /** The lines of all objects, sorted. */
  get lines(): readonly string[] {
    const { objects } = this.s3.buckets.buckets.get('lake')!;
    return [...objects.values()].flatMap(({ body }) => String(body).trimEnd().split('\n')).sort();
  }

  /** What is told of the only delivery. */
  async sight(): Promise<{ readonly State: string; readonly Reason?: string | undefined }> {
    type Told = { readonly Deliveries: { readonly State: string; readonly Reason?: string }[] };
    const { Deliveries } = await this.ok<Told>('firehose', 'Firehose_20150804.ListDeliveries', {});
    return Deliveries[0] ?? { State: 'none' };
  }

  async until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (let passed = 0; !(await isSo()); passed += 100) {
      assert.ok(passed < 120_000, 'what is waited for does not come');
      await this.clock.advance(100);
    }
  }

  async #send(
    service: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    as: SigningCredentials,
  ): Promise<Answered> {
    const unsigned = { method: 'POST', target: '/', headers, body };
    const signed = signedHeaders(unsigned, as, { region: 'us-east-1', service }, this.clock.now());
    let answer: { readonly status: number; readonly body: unknown } | undefined;
    const answering = this.#server!.handle({
      ...{ method: 'POST', target: '/', body: Buffer.from(body) },
      rawHeaders: Object.entries(signed).flat(),
    }).then((settled) => {
      answer = settled;
    });
    while (answer === undefined) {
      await this.clock.turn();
      await this.clock.pass(1);
    }
    await answering;
    const text = String(answer.body);
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  }
}
