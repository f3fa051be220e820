import type { Millis } from '../../src/env/clock.ts';
import type { BrokerAddress, KafkaErrorCode, PartitionOf } from '../../src/env/kafka.ts';
import type { SeededRandom } from '../random.ts';
import { ClusterImage, type MetadataRecord, type TopicState } from './cluster-image.ts';
import type { Controller, InSyncChange } from './controller.ts';
import { errorCodes } from './error-codes.ts';
import type { Strike } from './fake-connection.ts';
import { FetchSessions } from './fetch-sessions.ts';
import { Life } from './life.ts';
import { Replica } from './replica.ts';
import type { ReplicaHost } from './replica-host.ts';
import { type Copy, Feed, Fetcher, type Report } from './replication.ts';
import type { Timeline } from './timeline.ts';
import { rulesOf } from './topic-settings.ts';
import type { Patience, Weather } from './weather.ts';

/** What a broker has around it. */
export interface BrokerSurroundings {
  readonly timeline: Timeline;
  readonly random: SeededRandom;
  readonly patience: Patience;
  readonly weather: Weather;
  now(): Millis;
  newSession(): number;
  /** Says something to another broker. It may never arrive. */
  post(from: Broker, to: number, say: (other: Broker) => void): void;
  /** Has the controller decide, whenever it can be reached. */
  ask<T>(from: Broker, decide: () => T, answered: (answer: T) => void): void;
  readonly controller: Controller;
  readonly clusterId: string;
  addressOf(broker: number): BrokerAddress;
  /** The disk failed. */
  diskFailed(broker: Broker): void;
  /** A leader has appended what a client sent. */
  appended(topic: string): void;
}

/** KRaft controllers give them out by the thousand. */
const producerIdBlock = 1_000n;

/** `producer.id.expiration.check.interval.ms` */
const producerCheckMs: Millis = 600_000;

/** One broker: its disk, which outlives it, and what it knows while it runs. */
export class Broker implements ReplicaHost {
  readonly id: number;
  readonly rack: string;
  readonly surroundings: BrokerSurroundings;
  readonly image = new ClusterImage();
  readonly random: SeededRandom;
  sessions: FetchSessions;
  life = new Life();
  epoch = -1;
  /** Takes requests of clients. */
  isReady = false;
  wasStoppedInPeace = true;
  /** How far its wall clock is from the right time. */
  skewMs: Millis = 0;
  diskRoomBytes = Number.POSITIVE_INFINITY;
  /** What is to befall requests of clients. */
  strikes: Strike[] = [];
  readonly #replicas = new Map<string, Replica>();
  readonly #feeds = new Map<number, Feed>();
  readonly #fetchers = new Map<number, Fetcher>();
  #producerIds: bigint[] = [];
  #records = 0;
  #expiredAt: Millis;
  #producersExpiredAt: Millis;

  constructor(id: number, rack: string, surroundings: BrokerSurroundings) {
    this.id = id;
    this.rack = rack;
    this.surroundings = surroundings;
    this.random = surroundings.random.fork();
    this.sessions = this.#newSessions();
    this.#expiredAt = surroundings.timeline.time;
    this.#producersExpiredAt = this.#expiredAt;
  }

  get time(): Millis {
    return this.surroundings.timeline.time;
  }

  get lagMs(): Millis {
    return this.surroundings.patience.lagMs;
  }

  /** How many records of the controller it knows. */
  get records(): number {
    return this.#records;
  }

  get replicas(): Iterable<Replica> {
    return this.#replicas.values();
  }

  /** Its disk has failed, and it will end. */
  get isFailing(): boolean {
    return [...this.#replicas.values()].some(({ isOffline }) => isOffline);
  }

  now(): Millis {
    return Math.floor(this.surroundings.now() + this.skewMs);
  }

  /** Runs `action` later, if the broker still lives then. */
  after(delay: Millis, action: () => void, ...signals: readonly AbortSignal[]): void {
    const { life } = this;
    this.surroundings.timeline.after(delay, () => life.run(action), ...signals);
  }

  hasRoom(bytes: number): boolean {
    if (bytes > this.diskRoomBytes) return false;
    this.diskRoomBytes -= bytes;
    return true;
  }

  failed(): void {
    for (const replica of this.#replicas.values()) replica.isOffline = true;
    for (const replica of this.#replicas.values()) replica.look();
    this.surroundings.diskFailed(this);
  }

  isAlive(broker: number): boolean {
    return this.image.isAlive(broker);
  }

  mayBeInSync(broker: number, epoch: number): boolean {
    return this.isAlive(broker) && this.image.brokers.get(broker)?.epoch === epoch;
  }

  /** The replica of a partition here, or why there is none, as far as this broker knows. */
  replicaOf({ topic, partition }: PartitionOf): Replica | KafkaErrorCode {
    const known = this.image.topics.get(topic);
    if (known?.placements[partition] === undefined) return errorCodes.unknownTopicOrPartition;
    const replica = this.#replicas.get(keyOf(known.id, partition));
    if (replica === undefined) return errorCodes.notLeaderOrFollower;
    if (replica.isOffline) return errorCodes.kafkaStorageError;
    this.#expire();
    return replica;
  }

  proposeInSync(replica: Replica, inSync: InSyncChange['inSync']): void {
    const { topic, topicId, partition, placement } = replica;
    const { surroundings } = this;
    const change = { topic, topicId, partition, leader: this.id, version: placement.version, inSync };
    surroundings.ask(
      this,
      () => surroundings.controller.alterInSync(change),
      (decided) => {
        if (decided === undefined) replica.propositionFailed();
        else replica.place(decided, replica.rules);
      },
    );
  }

  feed(replica: Replica): void {
    for (const id of replica.placement.replicas) this.#feeds.get(id)?.touch(replica);
  }

  /** Of a block that the controller gave this broker for its life. */
  newProducerId(): Promise<bigint> {
    const { controller } = this.surroundings;
    return new Promise((resolve) => {
      const take = () => resolve(this.#producerIds.shift()!);
      if (this.#producerIds.length > 0) return take();
      const given = (first: bigint) => {
        for (let index = 0n; index < producerIdBlock; index++) this.#producerIds.push(first + index);
        take();
      };
      this.surroundings.ask(this, () => controller.producerIds(Number(producerIdBlock)), given);
    });
  }

  /** Learns what the controller has written since. */
  learn(records: readonly MetadataRecord[]): void {
    this.#records += records.length;
    const changed = new Map<string, TopicState>();
    for (const record of records) {
      this.image.apply(record);
      if (record.kind === 'topic') changed.set(record.topic.id, record.topic);
      if (record.kind === 'deletion') {
        changed.delete(record.topic.id);
        this.#remove(record.topic);
      }
    }
    for (const topic of changed.values()) this.#place(topic);
    if (records.some(({ kind }) => kind === 'broker'))
      for (const replica of this.#replicas.values()) replica.reconsider();
  }

  /** A follower says where it stands. */
  reported(follower: number, report: Report): void {
    let feed = this.#feeds.get(follower);
    if (feed === undefined || feed.session < report.session) {
      feed = this.#newFeed(follower, report.session);
      this.#feeds.set(follower, feed);
    }
    if (feed.session === report.session) feed.heard(report);
  }

  /** Says anew to a leader, or to all, where its followers here stand: something may have been lost. */
  restartFetching(leader?: number): void {
    for (const [id, fetcher] of this.#fetchers) if (leader === undefined || id === leader) fetcher.restart();
  }

  /** A new life begins, with what is on the disk. */
  begin(): void {
    this.life = new Life();
    this.sessions = this.#newSessions();
    this.isReady = false;
    this.#producerIds = [];
  }

  /** The life is over. `cutsPower`: what the disk did not have is lost. */
  end(cutsPower: boolean, inPeace: boolean): void {
    this.life.end();
    this.isReady = false;
    this.wasStoppedInPeace = inPeace;
    this.#feeds.clear();
    this.#fetchers.clear();
    for (const replica of this.#replicas.values()) {
      if (cutsPower) replica.log.lose(this.time, (end) => this.random.below(end));
      replica.forget();
      replica.isOffline = false;
    }
  }

  /** Every placement again, when a broker that has begun anew knows what there is. */
  placeAll(): void {
    for (const topic of this.image.topics.values()) this.#place(topic);
  }

  #newSessions(): FetchSessions {
    const { sessionsMax, sessionEvictionMs } = this.surroundings.patience;
    return new FetchSessions(this.random.fork(), sessionsMax, sessionEvictionMs);
  }

  #newFeed(follower: number, session: number): Feed {
    const find = (topicId: string, partition: number) => this.#replicas.get(keyOf(topicId, partition));
    return new Feed(follower, session, find, (copies) =>
      this.surroundings.post(this, follower, (other) => other.#copied(this.id, session, copies)),
    );
  }

  #copied(leader: number, session: number, copies: readonly Copy[]): void {
    const find = ({ topicId, partition }: Copy) => this.#replicas.get(keyOf(topicId, partition));
    this.#fetchers.get(leader)?.arrived(session, copies, find);
  }

  #fetcherOf(leader: number): Fetcher {
    let fetcher = this.#fetchers.get(leader);
    if (fetcher === undefined) {
      fetcher = new Fetcher(
        () => this.surroundings.newSession(),
        (report) =>
          this.surroundings.post(this, leader, (other) =>
            other.reported(this.id, { ...report, brokerEpoch: this.epoch }),
          ),
      );
      this.#fetchers.set(leader, fetcher);
    }
    return fetcher;
  }

  #place(topic: TopicState): void {
    const rules = rulesOf(topic.settings);
    topic.placements.forEach((placement, partition) => {
      if (!placement.replicas.includes(this.id)) return;
      const key = keyOf(topic.id, partition);
      const replica = this.#replicas.get(key) ?? new Replica(this, topic.name, topic.id, partition);
      this.#replicas.set(key, replica);
      const { leader, leaderEpoch } = replica.placement;
      replica.place(placement, rules);
      if (leader === placement.leader && leaderEpoch === placement.leaderEpoch) return;
      for (const fetcher of this.#fetchers.values()) fetcher.leave(replica);
      if (placement.leader === this.id) this.#call(replica);
      else if (placement.leader >= 0) this.#fetcherOf(placement.leader).follow(replica);
    });
  }

  /** Followers that knew first that this broker leads were not listened to: they say it again. */
  #call(replica: Replica): void {
    for (const id of replica.placement.replicas) {
      if (id === this.id) continue;
      this.surroundings.post(this, id, (other) => {
        const follower = other.#replicas.get(keyOf(replica.topicId, replica.partition));
        if (follower !== undefined) other.#fetchers.get(this.id)?.tell([follower]);
      });
    }
  }

  #remove(topic: TopicState): void {
    topic.placements.forEach((_, partition) => {
      const key = keyOf(topic.id, partition);
      const replica = this.#replicas.get(key);
      if (replica === undefined) return;
      this.#replicas.delete(key);
      for (const fetcher of this.#fetchers.values()) fetcher.leave(replica);
      replica.remove();
    });
  }

  #expire(): void {
    if (this.time - this.#expiredAt < this.surroundings.patience.retentionCheckMs) return;
    this.#expiredAt = this.time;
    for (const replica of this.#replicas.values()) replica.expire();
    if (this.time - this.#producersExpiredAt < producerCheckMs) return;
    this.#producersExpiredAt = this.time;
    for (const { log } of this.#replicas.values()) log.producers.expire(this.now());
  }
}

function keyOf(topicId: string, partition: number): string {
  return `${topicId}/${partition}`;
}
