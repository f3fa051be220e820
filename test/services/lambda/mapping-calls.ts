import assert from 'node:assert/strict';
import type { Caller } from '../../../src/access/caller.ts';
import { emptyIdentity, type IdentityState } from '../../../src/access/identity/state.ts';
import type { Access } from '../../../src/access/policy/access.ts';
import { type CatalogState, emptyState, streamKeyOf } from '../../../src/catalog/state.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import type { Handler } from '../../../src/env/network.ts';
import { encodeBatch } from '../../../src/kinesis/record.ts';
import { sequenceNumberOf } from '../../../src/kinesis/sequence-number.ts';
import { newStreamSettings, type Shard, type Stream } from '../../../src/kinesis/stream.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import type { FailureStore } from '../../../src/services/lambda/failures/failure-store.ts';
import { openFailureStore } from '../../../src/services/lambda/failures/logged-failures.ts';
import { EventQueue } from '../../../src/services/lambda/functions/event-queue.ts';
import type { InvokeOutcome } from '../../../src/services/lambda/functions/functions.ts';
import { RecentOutput } from '../../../src/services/lambda/functions/recent-output.ts';
import { lambda } from '../../../src/services/lambda/lambda.ts';
import type { ShardSight } from '../../../src/services/lambda/mappings/mapping-sight.ts';
import { mappingSources } from '../../../src/services/lambda/mappings/mapping-sources.ts';
import { mappingsTick } from '../../../src/services/lambda/mappings/upkeep.ts';
import { editsOfFailure } from '../../../src/services/lambda/state/lambda-edits.ts';
import {
  type FunctionRecord,
  functionKeyOf,
  type LambdaEdit,
  type LambdaJournal,
} from '../../../src/services/lambda/state/lambda-state.ts';
import { openLambdaJournal } from '../../../src/services/lambda/state/open-lambda-journal.ts';
import type { Tick } from '../../../src/stream/background.ts';
import { aCaller } from '../../access/a-caller.ts';
import { TestRandom } from '../../log/world.ts';
import { dispatchOf, peer } from '../../rpc/toy.ts';
import { authorization } from '../kinesis/harness.ts';
import { ManualClock } from '../kinesis/manual-clock.ts';

export type Members = Readonly<Record<string, unknown>>;
type Answer = { readonly status: number; readonly type: string | undefined; readonly body: Members };

/** How long a mapping is Creating, … in these tests. */
export const transitionMs = 1_000;

/** Mappings on their own: the service over logs in memory, with streams and a function that do not run. */
export class MappingCalls {
  readonly clock: ManualClock;
  readonly journal: LambdaJournal;
  readonly failures: FailureStore;
  readonly streams: Map<string, Stream>;
  readonly tick: Tick;
  /** What permissions were asked for since the last call. */
  asked: Access[] = [];
  caller: Caller = aCaller();
  /** What the function was invoked with, and what it answers. */
  readonly events: string[] = [];
  answers: (event: string) => Partial<InvokeOutcome> | Error = () => ({});
  shards: ShardSight[] = [];
  /** What other gateways tell of theirs, by mapping. */
  readonly elsewhere = new Map<string, readonly ShardSight[]>();
  problem: string | undefined;
  nudges = 0;
  /** What no caller is to blame for. */
  readonly troubles: object[] = [];
  readonly #log: ReturnType<typeof openMemoryLog>;
  readonly #handle: Handler;

  static async open(): Promise<MappingCalls> {
    const clock = new ManualClock();
    const log = openMemoryLog(clock);
    const calls = new MappingCalls(clock, log, await openLambdaJournal(log));
    await calls.commit({ kind: 'said', of: 'function', key: functionKeyOf(resizer), value: resizer });
    return calls;
  }

  private constructor(clock: ManualClock, log: ReturnType<typeof openMemoryLog>, journal: LambdaJournal) {
    this.clock = clock;
    this.journal = journal;
    this.#log = log;
    const random = new TestRandom(5);
    this.failures = openFailureStore(log, { clock, random, logger: silentLogger });
    this.streams = new Map([[streamKeyOf(orders), orders]]);
    const catalog: { state: CatalogState; current(): Promise<CatalogState> } = {
      state: { ...emptyState, streams: this.streams },
      current: async () => catalog.state,
    };
    const identity: IdentityState = emptyIdentity;
    const parts = { catalog, identity: { state: identity }, authorizer: undefined, requireToRead: () => {} };
    const code = { put: nothing, get: async () => Buffer.alloc(0), sweep: nothing, bytes: 0 };
    const functions = { invoke: (_target: unknown, payload: Uint8Array) => this.#invoke(payload) };
    const opened = {
      events: new EventQueue({ clock, logger: silentLogger, functions, journal }),
      ...{ functions, journal, code, failures: this.failures, records: log, sources: mappingSources(parts) },
      sight: { shardsOf: () => this.shards, problemOf: () => this.problem },
      sightsElsewhere: async () => new Map(this.elsewhere),
      nudge: () => void this.nudges++,
      ...{ isAssumable: () => true, signedUrl: () => undefined, output: new RecentOutput() },
    };
    this.tick = mappingsTick({
      journal,
      clock,
      transitionDelay: transitionMs,
    });
    const world = { clock, random, logger: silentLogger, kinds: 'on' as const, open: nothing };
    const authorizer = {
      authorize: (access: Access) => void this.asked.push(access),
      needsFacts: () => true,
    };
    const service = lambda({ ...world, opened: () => opened });
    const logger = { ...silentLogger, error: (_: string, fields = {}) => void this.troubles.push(fields) };
    this.#handle = dispatchOf([{ service }], { clock, random, authorizer, logger }, () => this.caller).handle;
  }

  async commit(...edits: readonly LambdaEdit[]): Promise<void> {
    await this.journal.commit(() => edits);
  }

  /** Forgets a stream's records, as when it is deleted. */
  async drop(stream: string): Promise<void> {
    await this.#log.drop(stream);
  }

  /** Puts records into a shard of a stream. */
  async put(stream: string, shard: number, ...data: readonly string[]): Promise<void> {
    const records = data.map((text) => ({ partitionKey: 'k', data: Buffer.from(text) }));
    await this.#log.append({ stream, shard }, encodeBatch(records));
  }

  /** What a poller does with records that it gives up. `data` are those of shard 1. */
  async giveUp(uuid: string, ...data: readonly string[]): Promise<void> {
    const kept = data.map((text, offset) => ({
      sequenceNumber: sequenceNumberOf(shard(1), offset, this.clock.now()),
      partitionKey: 'k"',
      arrival: this.clock.now(),
      data: Buffer.from(text),
    }));
    const place = await this.failures.keep(uuid, kept);
    await this.journal.commit((state) =>
      editsOfFailure(state, state.get('mapping', uuid)!, {
        ...{ at: this.clock.now(), shardId: 'shardId-000000000001', condition: 'RetryAttemptsExhausted' },
        firstSequenceNumber: kept[0]!.sequenceNumber,
        lastSequenceNumber: kept.at(-1)!.sequenceNumber,
        ...{
          records: kept.length,
          data: place,
          error: '{"errorType":"Error","errorMessage":"no"}',
          delivery: 'none',
        },
      }),
    );
  }

  async send(method: string, target: string, input?: object): Promise<Answer> {
    this.asked = [];
    const type = input === undefined ? [] : ['Content-Type', 'application/json'];
    const authorized = authorization.replace('us-east-1/kinesis', `${this.caller.region}/lambda`);
    const rawHeaders = ['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z', 'Authorization', authorized];
    const body = Buffer.from(input === undefined ? '' : JSON.stringify(input));
    const answer = await this.#handle({ method, target, rawHeaders: [...rawHeaders, ...type], body, peer });
    const headers = answer.headers as Readonly<Record<string, string>>;
    if (this.troubles.length > 0) throw new Error('an operation failed', { cause: this.troubles[0] });
    const text = Array.isArray(answer.body) ? Buffer.concat(answer.body) : answer.body;
    assert(typeof text === 'string' || Buffer.isBuffer(text));
    return {
      status: answer.status,
      type: headers['x-amzn-ErrorType'],
      body: text.length === 0 ? {} : JSON.parse(String(text)),
    };
  }

  /** The mapping of `orders` and the function, at LATEST unless it says otherwise; refusals throw. */
  async create(input: object = {}): Promise<Members & { readonly UUID: string }> {
    const { status, type, body } = await this.answer(input);
    if (status === 202) return body as Members & { UUID: string };
    throw new Error(`${status} ${type} ${JSON.stringify(body)}`);
  }

  answer(input: object = {}): Promise<Answer> {
    const usual = { EventSourceArn: ordersArn, FunctionName: 'resize', StartingPosition: 'LATEST' };
    return this.send('POST', mappingsPath, { ...usual, ...input });
  }

  /** The same, when it is not passing through a state any more. */
  async createSettled(input: object = {}): Promise<string> {
    const { UUID } = await this.create(input);
    await this.settle();
    return UUID;
  }

  async settle(): Promise<void> {
    await this.clock.advance(transitionMs);
    await this.tick();
  }

  async #invoke(payload: Uint8Array): Promise<InvokeOutcome> {
    const event = Buffer.from(payload).toString();
    this.events.push(event);
    const answer = this.answers(event);
    if (answer instanceof Error) throw answer;
    const usual = { requestId: 'r', executedVersion: '$LATEST', payload: Buffer.from('null') };
    return { ...usual, logTail: Buffer.alloc(0), took: 1, ...answer };
  }
}

const nothing = async () => {};

export const mappingsPath = '/2015-03-31/event-source-mappings';
export const ordersArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:resize';

export function shard(index: number, more: Partial<Shard> = {}): Shard {
  return { index, parents: [], range: { first: 0n, last: 1n }, createdAt: 1_600_000_000_000, ...more };
}

/** A stream of two shards, of which one is closed after three records, and a consumer. */
export const orders: Stream = {
  ...newStreamSettings,
  ...{ account: '000000000000', region: 'us-east-1', name: 'orders', id: '1' },
  ...{ status: 'ACTIVE', createdAt: 1_600_000_000_000, nextShard: 2 },
  shards: [
    shard(0, { closed: { at: 1_600_000_001_000, end: 3, childrenAt: 1_800_000_000_000 } }),
    shard(1, { parents: [0] }),
  ],
  consumers: [
    {
      ...{ name: 'fan', status: 'ACTIVE', createdAt: 1_600_000_000_000, since: 1_600_000_000_000 },
      ...{ tags: [], policy: null },
    },
  ],
};

const resizer: FunctionRecord = {
  ...{ account: '000000000000', region: 'us-east-1', name: 'resize', id: 'f1', tags: {}, nextVersion: 1 },
  ...{
    policies: {},
    description: '',
    role: 'arn:aws:iam::000000000000:role/reader',
    handler: 'index.handler',
  },
  ...{ runtime: 'nodejs22.x', timeoutSeconds: 3, memoryMiB: 128, storageMiB: 512, environment: {} },
  ...{ architecture: 'x86_64', tracing: 'PassThrough', code: { kind: 'attached' }, modifiedAt: 0 },
  ...{ revision: 'r1', echoed: {} },
};
