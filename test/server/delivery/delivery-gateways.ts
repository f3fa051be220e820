import assert from 'node:assert/strict';
import { FakeS3, s3Credentials } from '../../../harness/objects/fake-s3.ts';
import type { S3Call } from '../../../harness/objects/s3-call.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { type Server, startServer } from '../../../src/server/server.ts';
import { ThreadsInProcess } from '../../delivery/threads-in-process.ts';
import { TestRandom } from '../../log/world.ts';
import { fakeMachines, inItsTime } from '../../services/kinesis/engine-under-test.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { noNetwork } from '../../services/kinesis/no-network.ts';
import { StandingStill } from './standing-still.ts';

process.env['AWS_ACCESS_KEY_ID'] = s3Credentials.accessKeyId;
process.env['AWS_SECRET_ACCESS_KEY'] = s3Credentials.secretAccessKey;

const account = '000000000000';
const role = `arn:aws:iam::${account}:role/delivery`;

/** A gateway, and the process that it runs in. */
export type StartedGateway = {
  readonly name: string;
  readonly server: Server;
  readonly process: StandingStill;
};

/** What `ListDeliveries` tells of one. */
export type SeenDelivery = {
  readonly Id: string;
  readonly Name: string;
  readonly State: string;
  readonly Reason?: string;
  readonly Records: number;
};

/** Gateways of one cluster, which deliver to one store. */
export class DeliveryGateways {
  readonly clock = new ManualClock();
  readonly s3 = new FakeS3(() => this.clock.now());
  /** What was put, and which gateway has. */
  readonly puts: { readonly gateway: string; readonly key: string }[] = [];
  readonly #machines = fakeMachines(this.clock);
  readonly #started: StartedGateway[] = [];

  constructor() {
    this.s3.buckets.create('lake');
  }

  async start(): Promise<StartedGateway> {
    const name = `gateway-${this.#started.length}`;
    const { options, env } = this.#machines.engineOf(name);
    const process = new StandingStill();
    const random = new TestRandom(this.#started.length + 1);
    const kafka = process.kafka(this.#machines.cluster.client());
    const starting = startServer(
      { ...options, limits: 'none', port: 0, workers: 0, s3: 'http://s3.test', transitionDelay: 0 },
      {
        ...{ clock: process.clock(this.clock), random, logger: silentLogger },
        ...{ network: noNetwork, workers: new ThreadsInProcess(this.clock, random) },
        client: process.client({
          send: (request, signal) => {
            if (request.method === 'PUT')
              this.puts.push({ gateway: name, key: new URL(request.url).pathname });
            return this.s3.send(request, signal);
          },
        }),
        pressure: { busy: () => 0, idleCores: () => 0, heapBytesMax: () => 4 * 1024 ** 3 },
        panic(reason, cause) {
          throw new Error(reason, { cause });
        },
        ...env,
        kafka: async () => kafka,
      },
    );
    const server = await inItsTime(starting, this.clock, true);
    const gateway = { name, server, process };
    this.#started.push(gateway);
    return gateway;
  }

  /** It hears nothing, and says nothing, until it is let go on. */
  stop({ name, process }: StartedGateway): void {
    process.stop();
    this.#machines.peers.pause(name);
  }

  goOn({ name, process }: StartedGateway): void {
    process.goOn();
    this.#machines.peers.resume(name);
  }

  /** As `kill -9` does: others see its connections end. */
  kill({ name, process }: StartedGateway): void {
    process.stop();
    this.#machines.peers.kill(name);
  }

  async close(...gateways: readonly StartedGateway[]): Promise<void> {
    const closed = gateways.map(({ server }) => server.close());
    await inItsTime(Promise.all(closed), this.clock, true);
  }

  /** An answer of Firehose, which must succeed. */
  firehose<Answer = object>({ server }: StartedGateway, operation: string, input: object): Promise<Answer> {
    return this.#call(server, 'firehose', `Firehose_20150804.${operation}`, input);
  }

  kinesis<Answer = object>({ server }: StartedGateway, operation: string, input: object): Promise<Answer> {
    return this.#call(server, 'kinesis', `Kinesis_20131202.${operation}`, input);
  }

  dynamodb<Answer = object>({ server }: StartedGateway, operation: string, input: object): Promise<Answer> {
    return this.#call(server, 'dynamodb', `DynamoDB_20120810.${operation}`, input);
  }

  millrace<Answer = object>({ server }: StartedGateway, operation: string, input: object): Promise<Answer> {
    return this.#call(server, 'millrace', `Millrace_20261129.${operation}`, input);
  }

  /** A delivery stream that puts lines into objects, some seconds after the first of them. */
  async create(gateway: StartedGateway, name: string, seconds: number, changes: object = {}): Promise<void> {
    const destination = {
      ...{ RoleARN: role, BucketARN: 'arn:aws:s3:::lake', Prefix: `${name}/` },
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: seconds },
    };
    const made = { DeliveryStreamName: name, ExtendedS3DestinationConfiguration: destination };
    await this.firehose(gateway, 'CreateDeliveryStream', { ...made, ...changes });
    await this.until(async () => (await this.#statusOf(gateway, name)) === 'ACTIVE');
  }

  async put(gateway: StartedGateway, name: string, ...lines: readonly string[]): Promise<void> {
    const Records = lines.map((line) => ({ Data: Buffer.from(`${line}\n`).toString('base64') }));
    const put = { DeliveryStreamName: name, Records };
    const { FailedPutCount } = await this.firehose<{ FailedPutCount: number }>(
      gateway,
      'PutRecordBatch',
      put,
    );
    assert.equal(FailedPutCount, 0);
  }

  async deliveries(gateway: StartedGateway): Promise<readonly SeenDelivery[]> {
    const { Deliveries } = await this.firehose<{ Deliveries: SeenDelivery[] }>(gateway, 'ListDeliveries', {});
    return Deliveries;
  }

  /** The lines of all objects below a prefix, sorted. */
  linesOf(prefix: string): readonly string[] {
    const { objects } = this.s3.buckets.buckets.get('lake')!;
    const bodies = [...objects].filter(([key]) => key.startsWith(`${prefix}/`)).map(([, { body }]) => body);
    return bodies.flatMap((body) => String(body).trimEnd().split('\n')).sort();
  }

  /** Which gateway has put the newest object below a prefix. */
  lastToPut(prefix: string): string | undefined {
    return this.puts.findLast(({ key }) => key.startsWith(`/lake/${prefix}/`))?.gateway;
  }

  /** The topics of streams' records, and the oldest offset that is left in the first shard of each. */
  streamTopics(): readonly (readonly [topic: string, oldest: number])[] {
    const broker = this.#machines.cluster.broker(1);
    const names = [...broker.image.topics.keys()].filter((name) => /^millrace\.[a-z]+\.stream\./.test(name));
    return names.map((topic) => {
      const replica = broker.replicaOf({ topic, partition: 0 });
      return [topic, typeof replica === 'number' ? -1 : replica.log.start];
    });
  }

  /** Puts under way wait for a while, as when a store hangs. */
  silence(isMeant: (call: S3Call) => boolean): void {
    this.s3.fate = (call) => (isMeant(call) ? 'silence' : undefined);
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  async until(isSo: () => boolean | Promise<boolean>, limitMs = 120_000): Promise<void> {
    const begun = this.clock.monotonic();
    while (!(await isSo())) {
      assert.ok(this.clock.monotonic() - begun < limitMs, 'what is waited for does not come');
      await this.clock.advance(50);
    }
  }

  async #statusOf(gateway: StartedGateway, DeliveryStreamName: string): Promise<string> {
    type Described = { readonly DeliveryStreamDescription: { readonly DeliveryStreamStatus: string } };
    const described = await this.firehose<Described>(gateway, 'DescribeDeliveryStream', {
      DeliveryStreamName,
    });
    return described.DeliveryStreamDescription.DeliveryStreamStatus;
  }

  async #call<Answer>(server: Server, scope: string, target: string, input: object): Promise<Answer> {
    const answering = server.handle({
      ...{ method: 'POST', target: '/', body: Buffer.from(JSON.stringify(input)) },
      rawHeaders: [
        ...['host', 'localhost', 'x-amz-date', '20231114T221320Z', 'authorization', signedFor(scope)],
        ...['content-type', typeOf(scope), 'x-amz-target', target],
      ],
    });
    const { status, body } = await inItsTime(answering, this.clock, true);
    assert.equal(status, 200, `${target} answered ${status} ${body}`);
    return JSON.parse(String(body) || '{}') as Answer;
  }
}

/** DynamoDB speaks the older version. */
function typeOf(scope: string): string {
  return `application/x-amz-json-${scope === 'dynamodb' ? '1.0' : '1.1'}`;
}

function signedFor(scope: string): string {
  return (
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231114/us-east-1/${scope}/aws4_request, ` +
    `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`
  );
}

/** `first-0` to `first-9`, for ten. */
export function linesFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, nth) => `${first}-${nth}`);
}
