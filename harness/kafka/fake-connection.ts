import type { Millis } from '../../src/env/clock.ts';
import type {
  BrokerConnection,
  ClusterMetadata,
  FetchAnswer,
  FetchRequest,
  KafkaErrorCode,
  NewTopic,
  OffsetAnswer,
  OffsetQuestion,
  PartitionOf,
  ProduceAnswer,
  ProduceRequest,
  TopicSettings,
} from '../../src/env/kafka.ts';
import { KafkaConnectionError } from '../../src/env/kafka.ts';
import type { SeededRandom } from '../random.ts';
import { deleteRecords, describeTopic, listOffsets, metadata } from './answers.ts';
import type { Broker } from './broker.ts';
import { errorCodes } from './error-codes.ts';
import { fetch } from './fetch.ts';
import type { Life } from './life.ts';
import { produce } from './produce.ts';
import type { Timeline } from './timeline.ts';
import { Wire } from './wire.ts';

export type ConnectionSurroundings = {
  readonly broker: Broker;
  /** Shut while the broker is cut off from clients. */
  readonly gate: Life;
  readonly timeline: Timeline;
  readonly random: SeededRandom;
  readonly ended: () => void;
};

/** Kinds of requests. */
export type Api = keyof BrokerConnection & string;

/** What is to befall the next request of a kind. */
export type Strike = { readonly api: Api; readonly when: 'before' | 'after' };

type Asked = { readonly due: Millis; readonly reject: (error: Error) => void };

/** Besides what a request asks for itself, a client waits so long for its answer. */
const patienceMs: Millis = 5_000;

/** A request that says nothing of time may take a broker so long. */
const workMs: Millis = 15_000;

/** A connection of a client to a broker, which works on one request at a time. */
export class FakeConnection implements BrokerConnection {
  readonly broker: Broker;
  readonly closed: Promise<void>;
  readonly #close: () => void;
  readonly #surroundings: ConnectionSurroundings;
  readonly #life: Life;
  readonly #there: Wire;
  readonly #back: Wire;
  readonly #over = new AbortController();
  readonly #asked = new Set<Asked>();
  readonly #waiting: (() => Promise<void>)[] = [];
  #isBusy = false;
  #isWatching = false;

  constructor(surroundings: ConnectionSurroundings) {
    const { broker, timeline, random } = surroundings;
    const { promise, resolve } = Promise.withResolvers<void>();
    const { weather } = broker.surroundings;
    const delay = () => (weather.clientDelayMax > 0 ? random.real(0, weather.clientDelayMax) : 0);
    this.broker = broker;
    this.closed = promise;
    this.#close = resolve;
    this.#surroundings = surroundings;
    this.#life = broker.life;
    this.#there = new Wire(timeline, delay);
    this.#back = new Wire(timeline, delay);
  }

  metadata(topics: readonly string[]): Promise<ClusterMetadata> {
    return this.#ask('metadata', workMs, async () => metadata(this.broker, topics));
  }

  initProducerId(): Promise<{ readonly id: bigint; readonly epoch: number }> {
    return this.#ask('initProducerId', workMs, async () => ({
      id: await this.broker.newProducerId(),
      epoch: 0,
    }));
  }

  produce(request: ProduceRequest): Promise<readonly ProduceAnswer[]> {
    return this.#ask('produce', request.timeoutMs, () => produce(this.broker, request));
  }

  fetch(request: FetchRequest): Promise<FetchAnswer> {
    return this.#ask('fetch', request.waitMs, () => fetch(this.broker, request));
  }

  listOffsets(asked: readonly OffsetQuestion[]): Promise<readonly OffsetAnswer[]> {
    return this.#ask('listOffsets', workMs, async () => listOffsets(this.broker, asked));
  }

  createTopic(topic: NewTopic): Promise<KafkaErrorCode> {
    return this.#askController('createTopic', (broker) => broker.surroundings.controller.createTopic(topic));
  }

  createPartitions(topic: string, partitions: number): Promise<KafkaErrorCode> {
    return this.#askController('createPartitions', (broker) =>
      broker.surroundings.controller.createPartitions(topic, partitions),
    );
  }

  deleteTopic(topic: string): Promise<KafkaErrorCode> {
    return this.#askController('deleteTopic', (broker) => broker.surroundings.controller.deleteTopic(topic));
  }

  alterTopic(topic: string, settings: TopicSettings): Promise<KafkaErrorCode> {
    return this.#askController('alterTopic', (broker) =>
      broker.surroundings.controller.alterTopic(topic, settings),
    );
  }

  describeTopic(
    topic: string,
  ): Promise<{ readonly error: KafkaErrorCode; readonly settings: TopicSettings }> {
    return this.#ask('describeTopic', workMs, async () => describeTopic(this.broker, topic));
  }

  deleteRecords(partition: PartitionOf, before: number): Promise<OffsetAnswer> {
    return this.#ask('deleteRecords', workMs, () => deleteRecords(this.broker, partition, before));
  }

  close(): void {
    this.end('the client closed the connection');
  }

  /** The connection is over, whatever is under way. */
  end(reason: string): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort(null);
    this.#there.cut();
    this.#back.cut();
    this.#waiting.length = 0;
    for (const { reject } of this.#asked)
      reject(new KafkaConnectionError(`broker ${this.broker.id}: ${reason}`));
    this.#asked.clear();
    this.#surroundings.ended();
    this.#close();
  }

  #askController(api: Api, decide: (broker: Broker) => KafkaErrorCode): Promise<KafkaErrorCode> {
    const { broker } = this;
    return this.#ask(
      api,
      workMs,
      () =>
        new Promise<KafkaErrorCode>((resolve) => {
          const over = new AbortController();
          const settle = (error: KafkaErrorCode) => {
            over.abort(null);
            resolve(error);
          };
          broker.surroundings.ask(broker, () => decide(broker), settle);
          broker.after(workMs, () => settle(errorCodes.requestTimedOut), over.signal);
        }),
    );
  }

  /** Sends a request. `allowedMs` is what it may take besides the way there and back. */
  #ask<T>(api: Api, allowedMs: Millis, work: () => Promise<T>): Promise<T> {
    const { gate, timeline } = this.#surroundings;
    return new Promise<T>((resolve, reject) => {
      if (this.#over.signal.aborted)
        return reject(new KafkaConnectionError(`broker ${this.broker.id}: the connection is over`));
      const asked = { due: timeline.time + allowedMs + patienceMs, reject };
      this.#asked.add(asked);
      this.#watch();
      const serve = async () => {
        if (this.#isStruck(api, 'before')) return this.end('the connection was dropped');
        const answer = await work();
        if (this.#isStruck(api, 'after')) return this.end('the connection was dropped');
        this.#back.send(() =>
          gate.run(() => {
            if (this.#asked.delete(asked)) resolve(answer);
          }),
        );
      };
      this.#there.send(() =>
        gate.run(() =>
          this.#life.run(() => {
            this.#waiting.push(serve);
            this.#serve();
          }),
        ),
      );
    });
  }

  #isStruck(api: Api, when: Strike['when']): boolean {
    const { strikes, surroundings } = this.broker;
    const at = strikes.findIndex((strike) => strike.api === api && strike.when === when);
    if (at >= 0) strikes.splice(at, 1);
    const { dropBefore, dropAfter } = surroundings.weather;
    const chance = when === 'before' ? dropBefore : dropAfter;
    return at >= 0 || (chance > 0 && this.#surroundings.random.chance(chance));
  }

  /** Works on what waits, one after the other. */
  #serve(): void {
    if (this.#isBusy) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#isBusy = true;
    void next().finally(() => {
      this.#isBusy = false;
      this.#serve();
    });
  }

  /** Ends the connection when an answer is overdue. */
  #watch(): void {
    if (this.#isWatching || this.#asked.size === 0) return;
    this.#isWatching = true;
    const { timeline } = this.#surroundings;
    const due = Math.min(...[...this.#asked].map((asked) => asked.due));
    timeline.after(
      Math.max(1, due - timeline.time),
      () => {
        this.#isWatching = false;
        if ([...this.#asked].some((asked) => asked.due <= timeline.time)) this.end('no answer came in time');
        else this.#watch();
      },
      this.#over.signal,
    );
  }
}
