import assert from 'node:assert/strict';
import { FirehoseClient, type FirehoseServiceException } from '@aws-sdk/client-firehose';
import { HttpResponse, type HttpRequest as SentRequest } from '@smithy/protocol-http';
import type { Caller } from '../../../src/access/caller.ts';
import type { Authorizer } from '../../../src/access/policy/access.ts';
import { profileCaller } from '../../../src/access/profile-caller.ts';
import { type Catalog, openCatalog } from '../../../src/catalog/catalog.ts';
import type { DeliverySpec } from '../../../src/delivery/delivery-spec.ts';
import type { DeliverySight } from '../../../src/delivery/delivery-world.ts';
import type { GlueColumn } from '../../../src/delivery/schema/glue-columns.ts';
import { SchemaError } from '../../../src/delivery/schema/schema-error.ts';
import type { DeliveryJournal } from '../../../src/delivery/state/delivery-state.ts';
import { openDeliveryJournal } from '../../../src/delivery/state/open-delivery-journal.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import type { Handler } from '../../../src/env/network.ts';
import type { Stream } from '../../../src/kinesis/stream.ts';
import type { Engine } from '../../../src/log/log.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { noAudit } from '../../../src/rpc/audit.ts';
import { browserRule } from '../../../src/rpc/cors.ts';
import { createDispatch, type DispatchWorld, ownerSide } from '../../../src/rpc/dispatch.ts';
import { type LargeBodies, readInput } from '../../../src/rpc/large-body.ts';
import { firehose } from '../../../src/services/firehose/firehose.ts';
import { deliverySpecsOf } from '../../../src/services/firehose/parts/delivery-specs.ts';
import { firehoseTick } from '../../../src/services/firehose/upkeep.ts';
import type { OpenedFirehose } from '../../../src/services/firehose/world.ts';
import { lifecycleTick } from '../../../src/stream/lifecycle.ts';
import { Load } from '../../../src/stream/load.ts';
import { Meter } from '../../../src/stream/meter/meter.ts';
import { putRecords } from '../../../src/stream/put.ts';
import type { RoutedPut } from '../../../src/stream/routed-put.ts';
import { noThrottle } from '../../../src/stream/throttle.ts';
import { TestRandom } from '../../log/world.ts';
import { ManualClock } from '../kinesis/manual-clock.ts';

export const account = '000000000000';
export const region = 'us-east-1';
export const role = `arn:aws:iam::${account}:role/delivery`;

type BenchOptions = {
  readonly limited?: boolean;
  readonly encryptionKey?: string | null;
  readonly authorizer?: Authorizer;
};

/** Firehose over logs in memory, and the official client for it, without sockets in between. */
export class FirehoseBench {
  readonly clock: ManualClock;
  readonly log: Engine;
  readonly catalog: Catalog;
  readonly journal: DeliveryJournal;
  readonly client: FirehoseClient;
  /** The same for a worker, which has the owner do what it cannot. */
  readonly clientOfWorker: FirehoseClient;
  /** By `database.table`. */
  readonly tables = new Map<string, readonly GlueColumn[]>();
  /** What KMS was asked to encrypt with. */
  readonly keys: string[] = [];
  /** Who calls. */
  caller: Caller = profileCaller(
    { accessKeyId: 'a', region, service: 'firehose' },
    account,
    'someone',
    'anyone',
  );
  sights: readonly DeliverySight[] = [];
  refusedRole: string | undefined;
  /** Why nothing is delivered to a URL. */
  refusedUrl: (url: string) => string | undefined = () => undefined;
  /** What puts come to, where that is not what they should. */
  trouble: Error | undefined;
  readonly #handle: Handler;
  readonly #inWorker: Handler;
  readonly #ticks: readonly (() => Promise<unknown>)[];

  private constructor(clock: ManualClock, catalog: Catalog, journal: DeliveryJournal, options: BenchOptions) {
    this.clock = clock;
    this.catalog = catalog;
    this.journal = journal;
    const log = openMemoryLog(clock);
    this.log = log;
    const { limited = true, encryptionKey = null, authorizer = everyone } = options;
    const random = new TestRandom(1);
    const load = new Load();
    const put = { clock, log, catalog, load, meter: new Meter({ clock, catalog }), throttle: noThrottle };
    const opened = this.#opened();
    const world = {
      ...{ clock, random, logger: silentLogger, catalog, encryptionKey, limited, isOwner: true },
      put: async (stream: Stream, routed: RoutedPut) => {
        await putRecords(put, stream, routed);
        if (this.trouble !== undefined) {
          for (const part of routed.parts) part.outcome = { kind: 'failed', cause: this.trouble };
        }
      },
      open: async () => {},
      opened: () => opened,
    };
    const rpc: DispatchWorld = {
      ...{ clock, random, logger: silentLogger, authorizer },
      authenticate: () => this.caller,
      browsers: browserRule(undefined, false),
      pages: {},
      rates: undefined,
      audit: noAudit,
      bodies: readingHere,
    };
    this.#handle = createDispatch([firehose(world)], rpc);
    const ofWorker = { ...world, isOwner: false, opened: () => assert.fail('A worker knows no journal.') };
    const owner = ownerSide([firehose(world)], rpc);
    this.#inWorker = createDispatch([firehose(ofWorker)], { ...rpc, owner });
    const nudge = () => {};
    this.#ticks = [
      lifecycleTick({ catalog, log, clock }, transitionDelay),
      firehoseTick({ catalog, journal, clock, transitionDelay, encryptionKey, nudge }),
    ];
    this.client = clientOf((sent) => this.#respond(sent, this.#handle));
    this.clientOfWorker = clientOf((sent) => this.#respond(sent, this.#inWorker));
  }

  static async start(options: BenchOptions = {}): Promise<FirehoseBench> {
    const clock = new ManualClock();
    const control = openMemoryLog(clock);
    const services = openMemoryLog(clock);
    const journal = await openDeliveryJournal(services);
    return new FirehoseBench(clock, await openCatalog(control), journal, options);
  }

  /** Lets so much time pass that all that is under way is done. */
  async settle(): Promise<void> {
    for (let round = 0; round < 4; round++) {
      await this.clock.advance(transitionDelay);
      for (const tick of this.#ticks) await tick();
    }
  }

  /** What would be delivered. */
  specs(): DeliverySpec[] {
    return deliverySpecsOf(this.catalog.state, this.journal.state, {
      catalogOf: ({ bucket, prefix }) => ({ kind: 'bucket', bucket, prefix }),
    });
  }

  /** An answer as JSON, to a body that no client would send. */
  async post(operation: string, body: object): Promise<{ status: number; body: unknown }> {
    const rawHeaders = ['Host', 'localhost', 'Content-Type', 'application/x-amz-json-1.1'];
    rawHeaders.push('X-Amz-Target', `Firehose_20150804.${operation}`);
    const answer = await this.#handle({
      ...{ method: 'POST', target: '/', rawHeaders, peer },
      body: Buffer.from(JSON.stringify(body)),
    });
    return { status: answer.status, body: JSON.parse(String(answer.body)) };
  }

  #opened(): OpenedFirehose {
    return {
      journal: this.journal,
      keys: {
        require: async (keyArn) => {
          this.keys.push(keyArn);
        },
      },
      schemas: {
        columnsOf: async ({ database, table }) => {
          const found = this.tables.get(`${database}.${table}`);
          if (found === undefined) throw new SchemaError(`Table ${table} of database ${database} not found.`);
          return found;
        },
      },
      requireSource() {},
      endpointRefusal: (url) => this.refusedUrl(url),
      isAssumable: (asked) => asked !== this.refusedRole,
      sights: async () => this.sights,
      nudge() {},
    };
  }

  async #respond({ method, path, headers, body }: SentRequest, handle: Handler): Promise<HttpResponse> {
    const answer = await handle({
      ...{ method, target: path, peer },
      rawHeaders: Object.entries(headers).flat(),
      body: Buffer.from(body),
    });
    const lowered = Object.entries(answer.headers).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]);
    const bytes = Buffer.from(String(answer.body));
    return new HttpResponse({
      statusCode: answer.status,
      headers: Object.fromEntries(lowered),
      body: bytes,
    });
  }
}

export const transitionDelay = 1_000;

function clientOf(respond: (sent: SentRequest) => Promise<HttpResponse>): FirehoseClient {
  return new FirehoseClient({
    endpoint: 'http://localhost:1',
    region,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: { handle: async (request: SentRequest) => ({ response: await respond(request) }) },
    maxAttempts: 1,
  });
}

const peer = { address: '127.0.0.1', secure: false, listener: 'main' };
const everyone: Authorizer = { authorize() {}, needsFacts: () => false };

const readingHere: LargeBodies = {
  hash: async (body) => ({ body, sha256: '' }),
  read: async (body, { protocol, operation, called }) => ({
    input: readInput(protocol, body, called, operation.input),
    memory: [],
  }),
};

/** What a destination in S3 needs at least, and what is asked for besides. */
export function toS3<const Changes extends object>(changes: Changes) {
  return { RoleARN: role, BucketARN: 'arn:aws:s3:::lake', ...changes };
}

/** An error of the service as `status name: message`, which a call rejects with. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as FirehoseServiceException;
    return `${$metadata?.httpStatusCode} ${name}: ${message}`;
  }
  return 'it was carried out';
}
