import { strict as assert } from 'node:assert';
import type { Clock, Millis } from '../../env/clock.ts';
import { KafkaError } from '../../env/kafka.ts';
import type { Offset } from '../../kinesis/record.ts';
import { Condition } from '../condition.ts';
import { DroppedStreams } from '../dropped-streams.ts';
import {
  type Appended,
  DroppedError,
  type Engine,
  type NewBatch,
  type Position,
  type ReadRequest,
  type ShardKey,
  type Slice,
  UnavailableError,
} from '../log.ts';
import { Chunks } from './chunks.ts';
import type { KafkaClient } from './client.ts';
import { controlTopic } from './control-topic.ts';
import type { TopicGuard } from './topic-guard.ts';
import { TopicLog } from './topic-log.ts';

/** What an engine on topics works with. The client and the guard stay the caller's. */
export type TopicEngineWorld = {
  readonly client: KafkaClient;
  readonly clock: Clock;
  readonly guard: Pick<TopicGuard, 'watch' | 'requireSound'>;
};

export type TopicEngineOptions = {
  /** How the names of its topics begin, without the last dot: `millrace.main.control`. */
  readonly prefix: string;
  /** Of the topics that it makes. */
  readonly replication: number;
  /** What names this process in the logs, and no other one ever. */
  readonly writer: string;
};

/**
 * An engine of which each stream is a topic with one partition, `<prefix>.<stream>`, and one more for records
 * too large for it, `<prefix>.<stream>.snapshots`. A stream has only the shard 0, which is never sealed. Any
 * number of processes may have one on the same topics. A topic is made, looked at and watched when it is
 * first used: besides, calls reject as `TopicGuard.watch` does, and appends as `requireSound`. Arrival times
 * are those of brokers, which may go back when another one takes over.
 */
export function openTopicEngine(world: TopicEngineWorld, options: TopicEngineOptions): Engine {
  return new TopicEngine(world, options);
}

class TopicEngine implements Engine {
  readonly writer: string;
  readonly #world: TopicEngineWorld;
  readonly #options: TopicEngineOptions;
  readonly #logs = new Map<string, Promise<TopicLog>>();
  readonly #dropped = new DroppedStreams();
  readonly #drops = new Map<string, AbortController>();
  readonly #closed = new AbortController();
  #callsUnderWay = 0;
  readonly #calls = new Condition();

  constructor(world: TopicEngineWorld, options: TopicEngineOptions) {
    this.#world = world;
    this.#options = options;
    this.writer = options.writer;
  }

  async prepare(stream: string): Promise<void> {
    await this.#with({ stream, shard: 0 }, async () => {});
  }

  append(key: ShardKey, batch: NewBatch): Promise<Appended> {
    return this.#with(key, (log) => {
      this.#world.guard.requireSound(this.#topicOf(key.stream));
      return log.append(batch);
    });
  }

  read(key: ShardKey, request: ReadRequest): Promise<Slice> {
    return this.#with(key, (log) => log.read(request).catch(notNow));
  }

  seek(key: ShardKey, time: Millis): Promise<Offset> {
    return this.#with(key, (log) => log.seek(time));
  }

  position(key: ShardKey): Promise<Position> {
    return this.#with(key, (log) => log.position());
  }

  async grown({ stream, shard }: ShardKey, past: Offset, signal: AbortSignal): Promise<void> {
    assert(shard === 0);
    if (this.#closed.signal.aborted || this.#dropped.has(stream)) return;
    const drop = this.#drops.get(stream) ?? new AbortController();
    this.#drops.set(stream, drop);
    const ended = AbortSignal.any([signal, drop.signal, this.#closed.signal]);
    const log = { topic: this.#topicOf(stream), partition: 0 };
    await this.#world.client.grown(log, past, ended);
  }

  async seal(): Promise<Offset> {
    throw new Error('Logs on topics of their own are not sealed.');
  }

  trim(key: ShardKey, before: Offset): Promise<void> {
    return this.#with(key, (log) => log.trim(before));
  }

  async drop(stream: string): Promise<void> {
    this.#dropped.add(stream);
    this.#drops.get(stream)?.abort();
    this.#logs.delete(stream);
    const topic = this.#topicOf(stream);
    await this.#world.client.deleteTopic(topic);
    await this.#world.client.deleteTopic(largeTopicOf(topic));
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#calls.until(() => this.#callsUnderWay === 0, never);
  }

  async #with<Answer>(
    { stream, shard }: ShardKey,
    work: (log: TopicLog) => Promise<Answer>,
  ): Promise<Answer> {
    assert(shard === 0);
    if (this.#closed.signal.aborted) throw new Error('The log is closed.');
    if (this.#dropped.has(stream)) throw droppedError();
    this.#callsUnderWay += 1;
    try {
      const log = await this.#log(stream);
      if (this.#dropped.has(stream)) throw droppedError();
      return await work(log);
    } finally {
      this.#callsUnderWay -= 1;
      if (this.#callsUnderWay === 0) this.#calls.announce();
    }
  }

  #log(stream: string): Promise<TopicLog> {
    const known = this.#logs.get(stream);
    if (known !== undefined) return known;
    const opened = this.#open(this.#topicOf(stream));
    this.#logs.set(stream, opened);
    opened.catch(() => this.#logs.delete(stream));
    return opened;
  }

  async #open(topic: string): Promise<TopicLog> {
    const { client, clock, guard } = this.#world;
    const { replication } = this.#options;
    for (const each of [topic, largeTopicOf(topic)]) {
      await client.ensureTopic(controlTopic(each, replication));
      await guard.watch({ topic: each, kind: 'control' });
    }
    return new TopicLog(client, clock, topic, new Chunks(client, clock, largeTopicOf(topic)));
  }

  #topicOf(stream: string): string {
    return `${this.#options.prefix}.${stream}`;
  }
}

/** What brokers do not let this process read now, they may again: nothing of it is wrong. */
function notNow(error: unknown): never {
  if (!(error instanceof KafkaError)) throw error;
  throw new UnavailableError(error.message, { cause: error });
}

function largeTopicOf(topic: string): string {
  return `${topic}.snapshots`;
}

function droppedError(): DroppedError {
  return new DroppedError('The stream was deleted.');
}

const never = new AbortController().signal;
