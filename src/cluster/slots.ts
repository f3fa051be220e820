import type { Logger } from '../env/logger.ts';
import type { Journal } from '../journal/journal.ts';
import type { KafkaClient, KafkaOffset } from '../log/kafka/client.ts';
import { streamTopic, streamTopicName } from '../log/kafka/stream-topic.ts';
import { DamagedError, DroppedError } from '../log/log.ts';
import type { ClusterState, PlacedStream } from './cluster-state.ts';
import type { ClusterEdit, FreeSlot, NewPlace } from './edit.ts';
import { hasNumber } from './ranges.ts';

export type SlotsWorld = {
  readonly journal: Journal<ClusterState, ClusterEdit>;
  readonly client: KafkaClient;
  readonly logger: Logger;
  readonly cluster: string;
};

/** Partitions that are made ahead, so that the next split need not wait for any. */
const spares = 2;

/**
 * No request makes more partitions than this: a controller turns away what takes more than 10,000 records of
 * its metadata (`MAX_RECORDS_PER_USER_OP` of Apache Kafka's QuorumController).
 */
const partitionsAtOnce = 4_000;

/** Of slots that are used again, so many are asked for where they begin at a time. */
const basesAtOnce = 100;

/** Finds slots for shards. Several gateways may at once: what is committed first counts. */
export class Slots {
  readonly #world: SlotsWorld;

  constructor(world: SlotsWorld) {
    this.#world = world;
  }

  topicOf(stream: string): string {
    return streamTopicName(this.#world.cluster, stream);
  }

  /** Rejects with `DroppedError`, and as the client and the journal do. */
  async assign(stream: string, shards: readonly number[]): Promise<void> {
    for (;;) {
      const { state } = this.#world.journal;
      requireKept(state, stream);
      const placed = state.streams.get(stream);
      const missing = withoutPlace(placed, shards);
      if (placed !== undefined && missing.length === 0) return;
      const needed = slotsNeeded(placed, missing.length);
      if (placed === undefined) await this.#make(stream, Math.min(needed + spares, partitionsAtOnce));
      else if (placed.partitions < needed) await this.#grow(stream, placed, needed + spares);
      else await this.#place(stream, missing, await this.#bases(placed, missing.length));
    }
  }

  /** Gives every stream the partitions that it is to have ahead. */
  async makeSpare(): Promise<void> {
    for (const [stream, placed] of this.#world.journal.state.streams) {
      const ahead = placed.partitions - placed.fresh + placed.free.length;
      if (ahead < spares) await this.#grow(stream, placed, placed.partitions + spares - ahead);
    }
  }

  /** Another gateway may make it at the same time: it is the same topic. */
  async #make(stream: string, partitions: number): Promise<void> {
    const { journal, client, cluster } = this.#world;
    const topic = streamTopic(cluster, stream, partitions);
    const uuid = await client.ensureTopic(topic);
    await this.#unlessDropped(stream, () =>
      journal.commit((state) => {
        requireKept(state, stream);
        if (state.streams.has(stream)) return [];
        return [{ kind: 'topic-made', stream, topic: topic.topic, uuid, partitions }];
      }),
    );
  }

  async #grow(stream: string, placed: PlacedStream, wanted: number): Promise<void> {
    const { journal, client, cluster } = this.#world;
    const partitions = Math.min(wanted, placed.partitions + partitionsAtOnce);
    const uuid = await client.ensureTopic(streamTopic(cluster, stream, partitions));
    if (uuid !== placed.uuid && !journal.state.dropped.has(stream)) {
      throw new DamagedError(`the topic ${placed.topic} was deleted and made anew by somebody else`);
    }
    await this.#unlessDropped(stream, () =>
      journal.commit((state) => {
        requireKept(state, stream);
        const known = state.streams.get(stream)!.partitions;
        return known >= partitions ? [] : [{ kind: 'topic-grown', stream, partitions }];
      }),
    );
  }

  /** Who drops a stream may have removed its topic before it was made here. */
  async #unlessDropped(stream: string, commit: () => Promise<unknown>): Promise<void> {
    try {
      await commit();
    } catch (error) {
      if (error instanceof DroppedError) await this.#world.client.deleteTopic(this.topicOf(stream));
      throw error;
    }
  }

  /**
   * Where shards may begin in slots that are used again: behind a mark, because no broker can say better
   * what has come before.
   */
  async #bases({ topic, free }: PlacedStream, count: number): Promise<ReadonlyMap<FreeSlot, KafkaOffset>> {
    const reused = free.slice(0, Math.min(count, basesAtOnce));
    const bases = await Promise.all(
      reused.map(async (slot): Promise<[FreeSlot, KafkaOffset]> => {
        const { first } = await this.#world.client.append({ topic, partition: slot[0] }, { mark: 'base' });
        return [slot, first + 1];
      }),
    );
    return new Map(bases);
  }

  /** Places as many as there are slots for. */
  async #place(
    stream: string,
    shards: readonly number[],
    bases: ReadonlyMap<FreeSlot, KafkaOffset>,
  ): Promise<void> {
    await this.#world.journal.commit((state) => {
      requireKept(state, stream);
      const placed = state.streams.get(stream)!;
      const slots = slotsOf(placed, bases);
      const places: NewPlace[] = [];
      for (const shard of withoutPlace(placed, shards)) {
        const slot = slots.shift();
        if (slot === undefined) break;
        places.push([shard, ...slot]);
      }
      return places.length === 0 ? [] : [{ kind: 'placed', stream, places }];
    });
  }
}

/** Slots and where a shard begins in them: those to be used again first, then those that never were. */
function slotsOf(
  placed: PlacedStream,
  bases: ReadonlyMap<FreeSlot, KafkaOffset>,
): [slot: number, base: KafkaOffset][] {
  const reused = [...bases].filter(([[slot, from]]) =>
    placed.free.some((each) => each[0] === slot && each[1] === from),
  );
  const fresh = placed.partitions - placed.fresh;
  return [
    ...reused.map(([[slot], base]): [number, KafkaOffset] => [slot, base]),
    ...Array.from({ length: fresh }, (_, index): [number, KafkaOffset] => [placed.fresh + index, 0]),
  ];
}

function withoutPlace(placed: PlacedStream | undefined, shards: readonly number[]): number[] {
  if (placed === undefined) return [...shards];
  return shards.filter((shard) => !placed.places.has(shard) && !hasNumber(placed.released, shard));
}

/** How many partitions there have to be for so many shards more. */
function slotsNeeded(placed: PlacedStream | undefined, count: number): number {
  if (placed === undefined) return count;
  return placed.fresh + Math.max(0, count - placed.free.length);
}

function requireKept({ dropped }: ClusterState, stream: string): void {
  if (dropped.has(stream)) throw new DroppedError('The stream was deleted.');
}
