import type { Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import { Condition } from '../condition.ts';
import { DroppedStreams } from '../dropped-streams.ts';
import {
  type Appended,
  DroppedError,
  type Engine,
  type NewBatch,
  OverloadedError,
  type Position,
  type ReadRequest,
  type ShardKey,
  type Slice,
  type StreamNeeds,
  UnavailableError,
} from '../log.ts';
import { KafkaShard, type KafkaShardWorld, orDropped } from './kafka-shard.ts';
import { retentionSettings, streamTopicName } from './stream-topic.ts';
import type { TopicGuard } from './topic-guard.ts';

export type KafkaLogWorld = KafkaShardWorld & {
  /** The name under which gateways belong together. */
  readonly cluster: string;
  /** Looks at the topics of the streams that are used here. Appends to one that is too weak are refused. */
  readonly guard?: Pick<TopicGuard, 'include' | 'isAnyWeak' | 'requireSound' | 'forget'> | undefined;
};

/**
 * The records of streams on Kafka. Any number of processes may have such an engine on the same cluster, and
 * all of them append. It lets go of neither the client nor the places when it is closed.
 */
export function openKafkaLog(world: KafkaLogWorld): Engine {
  return new KafkaLog(world);
}

class KafkaLog implements Engine {
  readonly #world: KafkaLogWorld;
  /** By stream, and index. */
  readonly #streams = new Map<string, Map<number, KafkaShard>>();
  readonly #dropped = new DroppedStreams();
  readonly #closed = new AbortController();
  #callsUnderWay = 0;
  /**
   * Of appends, until their callers are answered: not only brokers are waited for, but also a lease, or a
   * seal.
   */
  #bytesUnderWay = 0;
  readonly #calls = new Condition();

  constructor(world: KafkaLogWorld) {
    this.#world = world;
    world.places.drainWith((key) => this.#known(key)?.drain() ?? Promise.resolve());
  }

  prepare(stream: string, { shards, retention }: StreamNeeds): Promise<void> {
    const { client, places, cluster } = this.#world;
    const assign = async (unplaced: readonly number[]) => {
      if (unplaced.length > 0) await places.assign(stream, unplaced);
    };
    const alter = () => client.alterTopic(streamTopicName(cluster, stream), retentionSettings(retention));
    return this.#call({ stream, shard: 0 }, async () => {
      await this.#releaseOthers(stream, shards);
      const unplaced = shards.filter((shard) => places.of({ stream, shard }) === undefined);
      // A topic is there once a shard has a place in it: then one need not wait for the other.
      if (unplaced.length < shards.length) await Promise.all([assign(unplaced), alter()]);
      else {
        await assign(unplaced);
        if (shards.length > 0) await alter();
      }
    });
  }

  append(key: ShardKey, batch: NewBatch): Promise<Appended> {
    const bytes = batch.bytes.length + appendBytes;
    if (this.#bytesUnderWay > bytesUnderWayMax) {
      return Promise.reject(new OverloadedError('More is to be appended than is held. Try again.'));
    }
    return this.#with(
      key,
      async (shard) => {
        const { guard, cluster } = this.#world;
        if (guard?.isAnyWeak === true) guard.requireSound(streamTopicName(cluster, key.stream));
        this.#bytesUnderWay += bytes;
        try {
          return await shard.append(batch);
        } finally {
          this.#bytesUnderWay -= bytes;
        }
      },
      mayBeStored,
    );
  }

  read(key: ShardKey, request: ReadRequest): Promise<Slice> {
    return this.#with(key, (shard) => shard.read(request));
  }

  seek(key: ShardKey, time: Millis): Promise<Offset> {
    return this.#with(key, (shard) => shard.seek(time));
  }

  position(key: ShardKey): Promise<Position> {
    return this.#with(key, (shard) => shard.position());
  }

  async grown(key: ShardKey, past: Offset, signal: AbortSignal): Promise<void> {
    if (this.#closed.signal.aborted || this.#dropped.has(key.stream)) return;
    try {
      await this.#shard(key).grown(past, AbortSignal.any([signal, this.#closed.signal]));
    } catch (error) {
      if (!(error instanceof DroppedError)) throw error;
    }
  }

  seal(key: ShardKey): Promise<Offset> {
    return this.#with(key, (shard) => shard.seal());
  }

  trim(key: ShardKey, before: Offset): Promise<void> {
    return this.#with(key, (shard) => shard.trim(before));
  }

  async drop(stream: string): Promise<void> {
    const { client, places, cluster } = this.#world;
    if (this.#closed.signal.aborted) throw new Error('The log is closed.');
    this.#dropped.add(stream);
    this.#streams.delete(stream);
    // First, so that no gateway acknowledges what goes with the topic.
    await places.drop(stream);
    this.#world.guard?.forget(streamTopicName(cluster, stream));
    await client.deleteTopic(streamTopicName(cluster, stream));
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#calls.until(() => this.#callsUnderWay === 0, never);
  }

  #with<T>(
    key: ShardKey,
    work: (shard: KafkaShard) => Promise<T>,
    isLeftOpen?: (error: unknown) => boolean,
  ): Promise<T> {
    return this.#call(key, () => work(this.#shard(key)), isLeftOpen);
  }

  /**
   * What is asked of a stream that was dropped is refused, also when it was while the call was under way,
   * unless the error leaves open whether the call was carried out.
   */
  async #call<T>(
    key: ShardKey,
    work: () => Promise<T>,
    isLeftOpen: (error: unknown) => boolean = () => false,
  ): Promise<T> {
    if (this.#closed.signal.aborted) throw new Error('The log is closed.');
    if (this.#dropped.has(key.stream)) throw new DroppedError('The stream was deleted.');
    this.#callsUnderWay += 1;
    try {
      return await work();
    } catch (error) {
      throw isLeftOpen(error) ? error : orDropped(this.#world.places, key, error);
    } finally {
      this.#callsUnderWay -= 1;
      if (this.#callsUnderWay === 0) this.#calls.announce();
    }
  }

  /** Places of shards that have expired are for others. */
  async #releaseOthers(stream: string, shards: readonly number[]): Promise<void> {
    const { places } = this.#world;
    const listed = new Set(shards);
    const last = shards.at(-1) ?? 0;
    for (let shard = 0; shard < last; shard++) {
      const key = { stream, shard };
      if (!listed.has(shard) && places.of(key)?.state === 'sealed') await places.release(key);
    }
  }

  #known({ stream, shard }: ShardKey): KafkaShard | undefined {
    return this.#streams.get(stream)?.get(shard);
  }

  #shard(key: ShardKey): KafkaShard {
    const known = this.#known(key);
    if (known !== undefined) return known;
    const shards = this.#streams.get(key.stream) ?? new Map<number, KafkaShard>();
    const { guard, cluster } = this.#world;
    guard?.include({ topic: streamTopicName(cluster, key.stream), kind: 'stream' });
    const shard = new KafkaShard(this.#world, key);
    this.#streams.set(key.stream, shards.set(key.shard, shard));
    return shard;
  }
}

/** Others may have read it while the stream was there. */
function mayBeStored(error: unknown): boolean {
  return error instanceof UnavailableError;
}

const never = new AbortController().signal;

/** As much as the engine on one machine lets wait. */
const bytesUnderWayMax = 256 * 1024 * 1024;

/** What an append takes besides its records, at most. */
const appendBytes = 1024;
