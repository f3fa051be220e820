import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { HttpRequest, HttpResponse } from '../env/network.ts';
import { findShard, isServing, type Stream } from '../kinesis/stream.ts';
import { DroppedError, type Log, type ShardKey, type ShardLog } from '../log/log.ts';
import type { Caller } from '../rpc/operation.ts';
import type { Load, MeasuredLoad } from '../stream/load.ts';
import { BatchedPort, type Message, type MessagesPort } from './batched-port.ts';
import { transferred } from './error-transfer.ts';
import { answer, failure } from './records-client.ts';
import type { BatchHead, Events, ForwardedAnswer, Position, Requests, StreamNumber } from './requests.ts';

/** What the owner does for its fronts. */
export type OwnerWorld = {
  readonly clock: Pick<Clock, 'turn'>;
  readonly catalog: Catalog;
  readonly log: Log;
  readonly load: Load;
  /** Carries out a request as if its front were part of the owner: who signed it is known. */
  readonly handle: (request: HttpRequest, caller: Caller | undefined) => Promise<HttpResponse>;
  readonly certificate: () => Promise<Requests['certificate'][1]>;
  readonly note: (note: Events['log']) => void;
  readonly busy: (busy: Events['busy']) => void;
};

/** Where the owner answers the questions of one front. */
export class RecordsServer {
  readonly #world: OwnerWorld;
  readonly #port: BatchedPort;
  readonly #answers: { readonly [Subject in keyof Requests]: AnswerFor<Subject> };
  readonly #notes: { readonly [Subject in keyof Events]: (body: Events[Subject]) => void };
  /** Answers under way that come in pieces. */
  readonly #pieces = new Map<StreamNumber, AsyncIterator<Uint8Array>>();
  #named = 0;
  #hasWorker = true;

  constructor(port: MessagesPort, world: OwnerWorld) {
    this.#world = world;
    const receive = (message: Message) => detached(this.#receive(message), unthinkable);
    this.#port = new BatchedPort(port, world.clock, receive, () => this.#abandonAll());
    this.#answers = {
      open: async (key) => [standingOf(await this.#open(key))],
      append: async ({ count, ...key }, bytes) => [await (await this.#open(key)).append({ count, bytes })],
      read: async ({ from, limit, ...key }) => {
        const log = await this.#open(key);
        const batches = await log.read(from, limit);
        const heads = batches.map(
          (batch): BatchHead => [batch.count, batch.first, batch.arrival, batch.bytes.length],
        );
        const joined = Buffer.concat(batches.map(({ bytes }) => bytes));
        return [{ standing: standingOf(log), batches: heads }, joined, true];
      },
      seek: async ({ time, ...key }) => [await (await this.#open(key)).seek(time)],
      call: async ({ caller, ...request }, body) =>
        this.#forwarded(await world.handle({ ...request, body }, caller)),
      next: (pieces) => this.#next(pieces),
      return: async (pieces) => {
        const iterator = this.#pieces.get(pieces);
        this.#pieces.delete(pieces);
        await iterator?.return?.();
        return [undefined];
      },
      alive: async () => [undefined],
      certificate: async () => [await world.certificate()],
    };
    this.#notes = {
      load: (measured) => this.#include(measured),
      log: world.note,
      busy: world.busy,
    };
  }

  close(): void {
    this.#port.close();
  }

  /** Its worker has ended, and so its clients are gone. */
  #abandonAll(): void {
    this.#hasWorker = false;
    for (const iterator of this.#pieces.values()) abandon(iterator);
    this.#pieces.clear();
  }

  async #receive([number, subject, body, bytes]: Message): Promise<void> {
    if (number === 0) return this.#notes[subject as keyof Events](body as never);
    try {
      const asked = this.#answers[subject as keyof Requests];
      const [answered, answeredBytes, final] = await asked(body as never, bufferOf(bytes));
      this.#port.send(number, answer, answered, answeredBytes, final);
    } catch (error) {
      this.#port.send(number, failure, transferred(error));
    }
  }

  /**
   * A front may have seen the stream before it was deleted: a log that was dropped must not come to life
   * again.
   */
  async #open(key: ShardKey): Promise<ShardLog> {
    if (!servingIds(this.#world.catalog.state.streams).has(key.stream)) {
      throw new DroppedError('The stream was deleted.');
    }
    return await this.#world.log.open(key);
  }

  #forwarded({ body, ...head }: HttpResponse): [ForwardedAnswer, Uint8Array?] {
    if (typeof body === 'string') return [head, Buffer.from(body)];
    if (Buffer.isBuffer(body)) return [head, body];
    if (!(Symbol.asyncIterator in body)) return [head, Buffer.concat(body)];
    this.#named += 1;
    const iterator = body[Symbol.asyncIterator]();
    if (this.#hasWorker) this.#pieces.set(this.#named, iterator);
    else abandon(iterator);
    return [{ ...head, pieces: this.#named }];
  }

  async #next(pieces: StreamNumber): Promise<[undefined, Uint8Array?]> {
    try {
      const { done, value } = (await this.#pieces.get(pieces)?.next()) ?? { done: true };
      if (!done) return [undefined, value];
    } catch (error) {
      this.#pieces.delete(pieces);
      throw error;
    }
    this.#pieces.delete(pieces);
    return [undefined];
  }

  #include(measured: readonly MeasuredLoad[]): void {
    const streams = new Map(
      [...this.#world.catalog.state.streams.values()].map((stream) => [stream.id, stream]),
    );
    for (const load of measured) {
      const stream = streams.get(load.stream);
      const shard = stream && findShard(stream, load.shard);
      if (stream !== undefined && shard !== undefined) this.#world.load.of(stream, shard).include(load);
    }
  }
}

/** Has a source hear that nobody takes its pieces any more. What comes of it is its own affair. */
function abandon(iterator: AsyncIterator<Uint8Array>): void {
  const told = async () => {
    await iterator.return?.();
  };
  detached(told(), () => {});
}

type AnswerFor<Subject extends keyof Requests> = (
  body: Requests[Subject][0],
  bytes: Buffer,
) => Promise<readonly [answer: Requests[Subject][1], bytes?: Uint8Array, final?: boolean]>;

function standingOf({ start, end, lastArrival }: ShardLog): Position {
  return { start, end, lastArrival };
}

function bufferOf(bytes: Uint8Array = new Uint8Array(0)): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

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
