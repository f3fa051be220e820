import type { KafkaErrorCode, NewTopic, PartitionOf, TopicSettings } from '../../src/env/kafka.ts';
import type { SeededRandom } from '../random.ts';
import { ClusterImage, type MetadataRecord, type TopicState } from './cluster-image.ts';
import { errorCodes } from './error-codes.ts';
import { newPlacement, type Placement, replaced } from './placement.ts';
import { areAllowed, rulesOf } from './topic-settings.ts';

/** A leader asks for other replicas in sync. */
export type InSyncChange = PartitionOf & {
  readonly topicId: string;
  readonly leader: number;
  /** Of the placement that the leader knows. */
  readonly version: number;
  readonly inSync: readonly { readonly broker: number; readonly epoch: number }[];
};

/**
 * What the quorum of controllers has agreed on, and decides next. Its log is one: whether a quorum can be
 * had, and who speaks for it, is the cluster's business.
 */
export class Controller {
  readonly image = new ClusterImage();
  readonly records: MetadataRecord[] = [];
  readonly #random: SeededRandom;
  readonly #written: () => void;
  #epoch = 0;
  #producer = 0n;

  /** `written` is called after each change. */
  constructor(random: SeededRandom, written: () => void) {
    this.#random = random;
    this.#written = written;
  }

  /** The first of a block of producer ids. */
  producerIds(count: number): bigint {
    const first = this.#producer;
    this.#producer += BigInt(count);
    return first;
  }

  createTopic({ topic: name, partitions, replication, settings }: NewTopic): KafkaErrorCode {
    if (!/^[a-zA-Z0-9._-]{1,249}$/.test(name) || name === '.' || name === '..')
      return errorCodes.invalidTopic;
    if (this.image.topics.has(name)) return errorCodes.topicAlreadyExists;
    // Names of metrics have no dots, so two topics may not differ by them alone.
    const flat = name.replaceAll('.', '_');
    for (const other of this.image.topics.keys())
      if (other.replaceAll('.', '_') === flat) return errorCodes.invalidTopic;
    if (!areAllowed(settings)) return errorCodes.invalidConfig;
    if (partitions < 1) return errorCodes.invalidPartitions;
    if (!this.#canPlace(replication)) return errorCodes.invalidReplicationFactor;
    const id = this.#random.bytes(16).toString('hex');
    const placements = this.#place(partitions, replication);
    this.#write({ kind: 'topic', topic: { name, id, settings, placements } });
    return errorCodes.none;
  }

  createPartitions(name: string, partitions: number): KafkaErrorCode {
    const topic = this.image.topics.get(name);
    if (topic === undefined) return errorCodes.unknownTopicOrPartition;
    const more = partitions - topic.placements.length;
    if (more < 1) return errorCodes.invalidPartitions;
    const replication = topic.placements[0]!.replicas.length;
    if (!this.#canPlace(replication)) return errorCodes.invalidReplicationFactor;
    const placements = [...topic.placements, ...this.#place(more, replication)];
    this.#write({ kind: 'topic', topic: { ...topic, placements } });
    return errorCodes.none;
  }

  deleteTopic(name: string): KafkaErrorCode {
    const topic = this.image.topics.get(name);
    if (topic === undefined) return errorCodes.unknownTopicOrPartition;
    this.#write({ kind: 'deletion', topic });
    return errorCodes.none;
  }

  alterTopic(name: string, changes: TopicSettings): KafkaErrorCode {
    const topic = this.image.topics.get(name);
    if (topic === undefined) return errorCodes.unknownTopicOrPartition;
    const settings = { ...topic.settings, ...changes };
    if (!areAllowed(settings)) return errorCodes.invalidConfig;
    const altered = { ...topic, settings };
    // Where leaders may be unclean now, one is found for what has none.
    const placements = topic.placements.map((each) => this.#elected(altered, each, each.inSync));
    this.#write({ kind: 'topic', topic: { ...altered, placements } });
    return errorCodes.none;
  }

  /** Resolves to the placement after the change; undefined if the leader has to learn something first. */
  alterInSync({ topic: name, topicId, partition, ...change }: InSyncChange): Placement | undefined {
    const topic = this.image.topics.get(name);
    const before = topic?.placements[partition];
    if (topic?.id !== topicId || before === undefined) return undefined;
    if (before.leader !== change.leader || before.version !== change.version) return undefined;
    const isEligible = change.inSync.every(({ broker, epoch }) => {
      const registration = this.image.brokers.get(broker);
      return registration?.isFenced === false && registration.epoch === epoch;
    });
    if (!isEligible) return undefined;
    const inSync = change.inSync.map(({ broker }) => broker);
    const after = { ...this.#elected(topic, before, inSync) };
    this.#replace(topic, new Map([[partition, after]]));
    return after;
  }

  /**
   * A broker has started. What it had may be lost unless it was stopped in peace: then it is not in sync any
   * more (KIP-966). Answers its epoch.
   */
  register(id: number, rack: string, isClean: boolean): number {
    const epoch = ++this.#epoch;
    this.#write({ kind: 'broker', broker: { id, rack, epoch, isFenced: true } });
    this.#leave(id, isClean ? undefined : id);
    return epoch;
  }

  /** The broker is heard of no more, or its replicas are no more. */
  fence(id: number): void {
    const broker = this.image.brokers.get(id);
    if (broker === undefined || broker.isFenced) return;
    this.#write({ kind: 'broker', broker: { ...broker, isFenced: true } });
    this.#leave(id);
  }

  unfence(id: number): void {
    const broker = this.image.brokers.get(id);
    if (broker === undefined || !broker.isFenced) return;
    this.#write({ kind: 'broker', broker: { ...broker, isFenced: false } });
    this.#reelect((placement) => placement.leader < 0 && placement.replicas.includes(id));
  }

  /** The first replica of each partition leads again, where it is in sync. */
  balance(): void {
    this.#reelect(
      ({ leader, replicas, inSync }) => leader !== replicas[0] && inSync.includes(replicas[0]!),
      (placement) => ({ ...placement, leader: -1 }),
    );
  }

  #reelect(which: (each: Placement) => boolean, as = (each: Placement) => each): void {
    for (const topic of this.image.topics.values()) {
      const changed = new Map<number, Placement>();
      topic.placements.forEach((each, partition) => {
        if (!which(each)) return;
        const after = this.#elected(topic, as(each), each.inSync);
        if (after.version !== each.version) changed.set(partition, after);
      });
      this.#replace(topic, changed);
    }
  }

  #leave(id: number, crashed?: number): void {
    for (const topic of this.image.topics.values()) {
      const changed = new Map<number, Placement>();
      topic.placements.forEach((each, partition) => {
        if (!each.inSync.includes(id) && !each.eligible.includes(id) && each.leader !== id) return;
        const inSync = each.inSync.filter((broker) => broker !== id);
        const after = this.#elected(topic, each, inSync, crashed);
        if (after !== each) changed.set(partition, after);
      });
      this.#replace(topic, changed);
    }
  }

  #elected(topic: TopicState, before: Placement, inSync: readonly number[], crashed = -1): Placement {
    const { inSyncMin, electsUnclean } = rulesOf(topic.settings);
    const isUsable = (broker: number) => this.image.isAlive(broker);
    return replaced(before, inSync, { inSyncMin, isUsable, isUnclean: electsUnclean, crashed });
  }

  #replace(topic: TopicState, changed: ReadonlyMap<number, Placement>): void {
    if (changed.size === 0) return;
    const placements = topic.placements.map((each, partition) => changed.get(partition) ?? each);
    this.#write({ kind: 'topic', topic: { ...topic, placements } });
  }

  #canPlace(replication: number): boolean {
    const brokers = [...this.image.brokers.values()];
    return replication >= 1 && replication <= brokers.length && brokers.some(({ isFenced }) => !isFenced);
  }

  /** Spreads replicas over racks. Brokers that are fenced come last, and are not in sync. */
  #place(partitions: number, replication: number): readonly Placement[] {
    const brokers = [...this.image.brokers.values()].sort((one, other) => one.id - other.id);
    const alive = byRack(brokers.filter(({ isFenced }) => !isFenced));
    const fenced = byRack(brokers.filter(({ isFenced }) => isFenced));
    const begin = this.#random.below(alive.length);
    return Array.from({ length: partitions }, (_, index) => {
      const turned = alive.map((_, at) => alive[(begin + index + at) % alive.length]!);
      const replicas = [...turned, ...fenced].slice(0, replication);
      return { ...newPlacement(replicas), inSync: replicas.filter((id) => alive.includes(id)) };
    });
  }

  #write(record: MetadataRecord): void {
    this.image.apply(record);
    this.records.push(record);
    this.#written();
  }
}

/** Brokers, one of each rack in turn. */
function byRack(brokers: readonly { readonly id: number; readonly rack: string }[]): readonly number[] {
  const racks = new Map<string, number[]>();
  for (const { id, rack } of brokers) racks.set(rack, [...(racks.get(rack) ?? []), id]);
  const rounds = Math.max(0, ...[...racks.values()].map((ids) => ids.length));
  return Array.from({ length: rounds }, (_, round) =>
    [...racks.values()].flatMap((ids) => ids[round] ?? []),
  ).flat();
}
