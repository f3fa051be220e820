import type { ClusterMetadata, PartitionMetadata, PartitionOf, TopicMetadata } from '../../env/kafka.ts';
import { DamagedError } from '../log.ts';
import { errorCodes } from './error-codes.ts';

/**
 * Who leads a partition. Its epoch grows with each election. `others` have the partition as well, those in
 * sync first.
 */
export type Leader = {
  readonly broker: number;
  readonly epoch: number;
  readonly others: readonly number[];
};

/**
 * Who leads what, of the topics that are in use here, as brokers said it last. What an epoch of a leader has
 * replaced does not come back: a broker that was cut off may say it late.
 */
export class Leaders {
  readonly #topics = new Map<string, KnownTopic>();

  /** Undefined while nobody is known to lead it, and for a topic that was made anew. */
  of({ topic, partition }: PartitionOf): Leader | undefined {
    const known = this.#topics.get(topic);
    if (known === undefined) return undefined;
    known.isUsed = true;
    return known.leaders[partition];
  }

  /** The latest epoch of a partition's leaders that was heard of. */
  epochOf({ topic, partition }: PartitionOf): number | undefined {
    return this.#topics.get(topic)?.epochs[partition];
  }

  /** Throws `DamagedError` when a topic was made anew: it is not the one that was met before. */
  check(topic: string): void {
    const known = this.#topics.get(topic);
    if (known?.replacedBy !== undefined) throw madeAnew(topic, known.id, known.replacedBy);
  }

  /** How many partitions a topic has, undefined while that is not known. */
  partitionsOf(topic: string): number | undefined {
    const known = this.#topics.get(topic);
    return known === undefined || known.leaders.length === 0 ? undefined : known.leaders.length;
  }

  /** Takes over what a broker has answered. */
  learn({ topics }: ClusterMetadata): void {
    for (const topic of topics) {
      if (topic.error === errorCodes.none) this.#learnTopic(topic);
      else if (topic.error === errorCodes.unknownTopicOrPartition) this.#learnMissing(topic.topic);
    }
  }

  /** Nobody is known to lead a partition any more: asked again, whoever does may be the same. */
  doubt({ topic, partition }: PartitionOf, leader: Pick<Leader, 'broker' | 'epoch'>): void {
    const known = this.#topics.get(topic);
    const now = known?.leaders[partition];
    if (now !== undefined && now.broker === leader.broker && now.epoch === leader.epoch) {
      known!.leaders[partition] = undefined;
    }
  }

  /** A topic that was deleted on purpose: the next one of its name may be another. */
  forget(topic: string): void {
    this.#topics.delete(topic);
  }

  /**
   * The topics in which something was looked up since the call before. Of the others only their identity is
   * kept.
   */
  used(): string[] {
    const used: string[] = [];
    for (const [topic, known] of this.#topics) {
      if (known.isUsed) used.push(topic);
      else known.leaders = [];
      known.isUsed = false;
    }
    return used;
  }

  /** It keeps its identity, should a topic of its name be there again. */
  #learnMissing(topic: string): void {
    const known = this.#topics.get(topic);
    if (known !== undefined) known.leaders = [];
  }

  #learnTopic({ topic, id, partitions }: TopicMetadata): void {
    const known = this.#topics.get(topic) ?? newTopic(id, partitions.length);
    if (known.id !== id) {
      known.replacedBy = id;
      known.leaders = [];
      return;
    }
    for (const said of partitions) {
      const { partition, leaderEpoch } = said;
      if (leaderEpoch < (known.epochs[partition] ?? 0)) continue;
      known.epochs[partition] = leaderEpoch;
      known.leaders[partition] = leaderIn(said);
    }
    this.#topics.set(topic, known);
    if (this.#topics.size > topicsMax) this.#topics.delete(this.#topics.keys().next().value!);
  }
}

function leaderIn({ leader, leaderEpoch, replicas, inSync }: PartitionMetadata): Leader | undefined {
  if (leader < 0) return undefined;
  const others = [...inSync, ...replicas.filter((id) => !inSync.includes(id))].filter((id) => id !== leader);
  return { broker: leader, epoch: leaderEpoch, others };
}

type KnownTopic = {
  readonly id: string;
  /** By partition. */
  leaders: (Leader | undefined)[];
  /** By partition, the latest epoch that was heard of. */
  readonly epochs: number[];
  replacedBy: string | undefined;
  isUsed: boolean;
};

function newTopic(id: string, partitions: number): KnownTopic {
  return {
    id,
    leaders: new Array(partitions).fill(undefined),
    epochs: new Array(partitions).fill(0),
    replacedBy: undefined,
    isUsed: true,
  };
}

function madeAnew(topic: string, id: string, other: string): DamagedError {
  return new DamagedError(
    `Topic ${topic} was deleted and made anew (${other} instead of ${id}): what was in it is gone.`,
  );
}

const topicsMax = 100_000;
