import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import type { KeyService } from '../access/keys/key-service.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { DeliverySight } from '../delivery/delivery-world.ts';
import { bufferOf } from '../env/buffer-of.ts';
import type { Clock } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { HttpResponse } from '../env/network.ts';
import { isServing, type Stream } from '../kinesis/stream.ts';
import {
  type Appended,
  DroppedError,
  type LoggedBatch,
  type ReadRequest,
  type Records,
  type ShardKey,
} from '../log/log.ts';
import type { Owner } from '../rpc/dispatch.ts';
import type { Freshness } from '../rpc/freshness.ts';
import type { LeaseTable } from '../services/millrace/parts/lease-table.ts';
import type { Scope } from '../services/millrace/sights-world.ts';
import type { Load } from '../stream/load.ts';
import type { TellMinute } from '../stream/metrics/call-statistics.ts';
import type { Subscriptions } from '../stream/subscriptions.ts';
import type { Throttle } from '../stream/throttle.ts';
import { BatchedPort, type Message, type MessagesPort } from './batched-port.ts';
import type { MeterTellings } from './cluster-meter.ts';
import { transferred } from './error-transfer.ts';
import type { Health } from './health.ts';
import type { ToldSights } from './mapping-sights.ts';
import { includeLoad } from './measured-load.ts';
import { keyAnswers } from './owner-keys.ts';
import { answer, failure } from './records-client.ts';
import type { Events, ForwardedAnswer, Requests } from './requests.ts';
import type { ServerMeter } from './server-meter.ts';
import { headsOf, type SliceHead } from './slice-head.ts';
import { HeardKeys } from './told-keys.ts';

/** What the owner does for its workers. */
export type OwnerWorld = Owner & {
  readonly clock: Pick<Clock, 'turn'>;
  readonly catalog: Catalog;
  /** Below the encryption, which is the workers' own. */
  readonly log: Records;
  readonly keyService: KeyService;
  readonly load: Load;
  readonly subscriptions: Subscriptions;
  /** What counts the calls of others that read; absent where they count themselves. */
  readonly throttle?: Throttle | undefined;
  /** Takes metrics that another gateway counted; absent where there is none. */
  readonly metrics?: ((bytes: Uint8Array) => Promise<void>) | undefined;
  /** Tells of shards of mappings that run here; absent where there is no other gateway. */
  readonly sights?: ((uuids: readonly string[]) => ToldSights) | undefined;
  /** Tells of deliveries in the same way. */
  readonly deliveries?: (() => readonly DeliverySight[]) | undefined;
  /** Publishes what workers counted of calls. */
  readonly calls?: TellMinute | undefined;
  /** Tells of lease tables that are held here; absent where there is no other gateway. */
  readonly leaseTables?: ((scope: Scope) => Promise<readonly LeaseTable[]>) | undefined;
  /** Tells what this gateway has counted; absent where there is no other gateway. */
  readonly metered?: MeterTellings['tell'] | undefined;
  readonly sketches?: ServerMeter['sketchesOf'] | undefined;
  readonly health: () => Health;
  /** Undefined where no other process commits. */
  readonly freshness?: Freshness | undefined;
  readonly certificate: () => Promise<Requests['certificate'][1]>;
  readonly note: (note: Events['log']) => void;
  readonly audited: (note: Events['audit']) => void;
  readonly busy: (busy: Events['busy']) => void;
  readonly counted: (page: Events['counted']) => void;
};

/** The owner's end towards one worker: answers its questions. */
export class RecordsServer {
  readonly #world: OwnerWorld;
  readonly #port: BatchedPort;
  readonly #answers: { readonly [Subject in keyof Requests]: AnswerFor<Subject> };
  readonly #notes: { readonly [Subject in keyof Events]: (body: Events[Subject]) => void };
  /** What ends the waiting for something, by the number of the question. */
  readonly #cancels = new Map<number, AbortController>();
  /** What ends a subscription that the worker does not follow yet, by its number. */
  readonly #begun = new Map<number, AbortController>();
  #numbered = 0;
  readonly #keys = new HeardKeys();
  readonly #closed = Promise.withResolvers<void>();

  constructor(port: MessagesPort, world: OwnerWorld) {
    this.#world = world;
    const receive = (message: Message) => detached(this.#receive(message), unthinkable);
    this.#port = new BatchedPort(port, world.clock, receive, () => this.#abandonAll());
    this.#answers = {
      append: (question, bytes) => this.#append(question, bytes),
      read: (question) => this.#read(question),
      seek: async ({ time, ...key }) => [await (await this.#of(key)).seek(key, time)],
      position: async (key) => [await (await this.#of(key)).position(key)],
      may: async ({ call, ...key }) => [await this.#may(call, key)],
      grown: (question, _, number) => this.#grown(question, number),
      call: async (call, body) => forwarded(await world.call(call, body)),
      page: async ({ path, asked }) => forwarded(await world.page(path, asked)),
      subscribe: async (question) => [await this.#subscribe(question)],
      over: (subscription, _, number) => this.#over(subscription, number),
      ...keyAnswers(world.keyService),
      current: async () => {
        await world.freshness?.current();
        return [undefined];
      },
      metrics: async (_, bytes) => {
        await world.metrics?.(bytes);
        return [undefined];
      },
      sights: async (uuids) => [world.sights?.(uuids) ?? []],
      deliveries: async () => [world.deliveries?.() ?? []],
      'lease-tables': async (scope) => [(await world.leaseTables?.(scope)) ?? []],
      metered: async (question) => [await world.metered?.(question)],
      sketches: async ({ stream, shards }) => [(await world.sketches?.(stream, shards)) ?? []],
      health: async () => [world.health()],
      certificate: async () => [await world.certificate()],
    };
    this.#notes = {
      load: (measured) => includeLoad(world.load, world.catalog, measured),
      calls: ({ time, measured, isOver }) => world.calls?.(time, measured, isOver),
      log: world.note,
      'did-read': ({ bytes, ...key }) => world.throttle?.didRead(key, bytes),
      audit: world.audited,
      cancel: (number) => this.#cancels.get(number)?.abort(),
      busy: world.busy,
      counted: world.counted,
      key: (key) => this.#keys.hear(key),
      'forget-key': (number) => this.#keys.forget(number),
    };
  }

  close(): void {
    this.#port.close();
  }

  /** Resolves when the worker has ended, and all that it had sent was received. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Its worker has ended, and so its clients are gone. */
  #abandonAll(): void {
    this.#closed.resolve();
    for (const cancel of [...this.#cancels.values(), ...this.#begun.values()]) cancel.abort();
  }

  async #receive([number, subject, body, bytes]: Message): Promise<void> {
    if (number === 0) return this.#note(subject as keyof Events, body);
    try {
      const asked = this.#answer(subject as keyof Requests, body, bufferOf(bytes ?? noBytes), number);
      const [answered, answeredBytes, final] = await asked;
      this.#port.send(number, answer, answered, answeredBytes, final);
    } catch (error) {
      this.#port.send(number, failure, transferred(error));
    }
  }

  #note<Subject extends keyof Events>(subject: Subject, body: unknown): void {
    this.#notes[subject](body as Events[Subject]);
  }

  #answer<Subject extends keyof Requests>(
    subject: Subject,
    body: unknown,
    bytes: Buffer,
    number: number,
  ): Promise<Answered<Requests[Subject][1]>> {
    return this.#answers[subject](body as Requests[Subject][0], bytes, number);
  }

  /**
   * The log, for a shard of a stream that is there. Who asks may have seen the stream before it was deleted:
   * a log that was dropped must not come to life again. Another gateway may know of a stream that was not
   * heard of here yet.
   */
  #of({ stream }: ShardKey): Records | Promise<Records> {
    const { catalog, log } = this.#world;
    return servingIds(catalog.state.streams).has(stream) ? log : this.#ofCurrent(stream);
  }

  async #ofCurrent(stream: string): Promise<Records> {
    const { streams } = await this.#world.catalog.current();
    if (!servingIds(streams).has(stream)) throw new DroppedError('The stream was deleted.');
    return this.#world.log;
  }

  async #append(
    { count, key: told, sizes, ...key }: Requests['append'][0],
    bytes: Buffer,
  ): Promise<Answered<Appended>> {
    const plain = sizes === undefined ? { count, bytes } : { count, bytes, sizes };
    const batch = told === undefined ? plain : { ...plain, key: this.#keys.of(told) };
    // Batches of a shard stay in their order where nothing has to be waited for.
    const log = this.#of(key);
    return [await (log instanceof Promise ? (await log).append(key, batch) : log.append(key, batch))];
  }

  #may(call: 'read' | 'iterate', key: ShardKey): boolean | Promise<boolean> {
    const { throttle } = this.#world;
    if (throttle === undefined) return true;
    return call === 'read' ? throttle.mayRead(key) : throttle.mayIterate(key);
  }

  /** The bytes that the log has copied go as they are. */
  async #read({
    from,
    since,
    limit,
    isPassing,
    ...key
  }: ShardKey & ReadRequest): Promise<Answered<SliceHead>> {
    const log = await this.#of(key);
    const request = { from, since, limit, own: true, ...(isPassing === true && { isPassing }) };
    const { batches, ...position } = await log.read(key, request);
    return [{ ...position, ...headsOf(batches) }, allBytesOf(batches), true];
  }

  async #grown({ past, ...key }: Requests['grown'][0], number: number): Promise<Answered<undefined>> {
    const cancel = new AbortController();
    this.#cancels.set(number, cancel);
    try {
      const log = await this.#of(key);
      await log.grown(key, past, cancel.signal);
    } finally {
      this.#cancels.delete(number);
    }
    return [undefined];
  }

  async #subscribe(asked: Requests['subscribe'][0]): Promise<number> {
    const { subscriptions } = this.#world;
    const begun =
      'tailOf' in asked
        ? subscriptions.beginTail(asked.tailOf)
        : subscriptions.begin(asked.consumer, asked.named);
    const end = begun instanceof Promise ? await begun : begun;
    this.#numbered += 1;
    this.#begun.set(this.#numbered, end);
    return this.#numbered;
  }

  async #over(subscription: number, number: number): Promise<Answered<Requests['over'][1]>> {
    const end = this.#begun.get(subscription)!;
    this.#begun.delete(subscription);
    this.#cancels.set(number, end);
    const { signal } = end;
    if (!signal.aborted) await once(signal, 'abort');
    this.#cancels.delete(number);
    return [transferred(signal.reason)];
  }
}

/** In one piece: what answers in pieces runs where its client is. */
function forwarded({ body, ...head }: HttpResponse): Answered<ForwardedAnswer> {
  if (typeof body === 'string') return [head, Buffer.from(body)];
  if (Buffer.isBuffer(body)) return [head, body];
  assert(Array.isArray(body));
  return [head, Buffer.concat(body)];
}

type AnswerFor<Subject extends keyof Requests> = (
  body: Requests[Subject][0],
  bytes: Buffer,
  number: number,
) => Promise<Answered<Requests[Subject][1]>>;

type Answered<Body> = readonly [answer: Body, bytes?: Uint8Array | undefined, final?: boolean];

/** Those of batches that lie one after the other. */
function allBytesOf(batches: readonly LoggedBatch[]): Buffer | undefined {
  if (batches.length === 0) return undefined;
  const { buffer, byteOffset } = batches[0]!.bytes;
  const last = batches.at(-1)!.bytes;
  return Buffer.from(buffer, byteOffset, last.byteOffset + last.length - byteOffset);
}

const noBytes = new Uint8Array(0);

/** The ids of the streams that take and give records, counted once for each state of them. */
function servingIds(streams: ReadonlyMap<string, Stream>): ReadonlySet<string> {
  let ids = known.get(streams);
  if (ids === undefined) {
    ids = new Set([...streams.values()].filter(isServing).map(({ id }) => id));
    known.set(streams, ids);
  }
  return ids;
}

const known = new WeakMap<ReadonlyMap<string, Stream>, ReadonlySet<string>>();
