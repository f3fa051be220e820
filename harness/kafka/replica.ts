import type { Millis } from '../../src/env/clock.ts';
import type { KafkaErrorCode } from '../../src/env/kafka.ts';
import { errorCodes } from './error-codes.ts';
import { newPlacement, type Placement } from './placement.ts';
import type { ReplicaHost } from './replica-host.ts';
import { ReplicaLog } from './replica-log.ts';
import { receiveBatch, type StoredBatch, storedBatch } from './stored-batch.ts';
import { rulesOf, type TopicRules } from './topic-settings.ts';

type Follower = {
  end: number;
  start: number;
  brokerEpoch: number;
  caughtUpAt: Millis;
  heardAt: Millis;
  /** The leader's end when it was heard of last. */
  endThen: number;
};

export type Appended = {
  readonly error: KafkaErrorCode;
  readonly first: number;
  /** The offset after the last. */
  readonly end: number;
  readonly appendedAt: Millis;
};

/** The high watermark is on the disk so often: `replica.high.watermark.checkpoint.interval.ms`. */
const checkpointMs = 5_000;

/** One broker's part in a partition: to lead it, or to follow. */
export class Replica {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly log = new ReplicaLog();
  readonly #host: ReplicaHost;
  #placement: Placement = { ...newPlacement([-1]), leader: -1, leaderEpoch: -1, version: -1 };
  #rules: TopicRules = rulesOf({});
  #highWatermark = 0;
  #checkpoint = { at: 0, highWatermark: 0 };
  #epochStart = 0;
  #proposed: readonly number[] | undefined;
  #watchesLag = false;
  readonly #followers = new Map<number, Follower>();
  readonly #waiting = new Set<() => boolean>();
  isOffline = false;

  constructor(host: ReplicaHost, topic: string, topicId: string, partition: number) {
    this.#host = host;
    this.topic = topic;
    this.topicId = topicId;
    this.partition = partition;
  }

  get placement(): Placement {
    return this.#placement;
  }

  get rules(): TopicRules {
    return this.#rules;
  }

  get epoch(): number {
    return this.#placement.leaderEpoch;
  }

  get isLeader(): boolean {
    return this.#placement.leader === this.#host.id && !this.isOffline;
  }

  get highWatermark(): number {
    return this.#highWatermark;
  }

  /** A high watermark of before: the one that the disk has. */
  get formerHighWatermark(): number {
    return Math.min(this.#highWatermark, Math.max(this.log.start, this.#checkpoint.highWatermark));
  }

  /** After an election the high watermark may be older than what was answered before (KIP-207). */
  get isHighWatermarkStale(): boolean {
    return this.isLeader && this.#highWatermark < this.#epochStart;
  }

  /** The start that all living replicas have come to. */
  get startOfAll(): number {
    const alive = [...this.#followers].filter(([id]) => this.#host.isAlive(id));
    return Math.min(this.log.start, ...alive.map(([, { start }]) => start));
  }

  /** What a follower has, and for how long it has not had everything; undefined when it was not heard of. */
  followerAt(
    id: number,
  ): { readonly start: number; readonly end: number; readonly lagMs: Millis } | undefined {
    const follower = this.#followers.get(id);
    if (follower === undefined || follower.end < 0) return undefined;
    return { start: follower.start, end: follower.end, lagMs: this.#host.time - follower.caughtUpAt };
  }

  /** Learns what the controller has decided. */
  place(placement: Placement, rules: TopicRules): void {
    this.#rules = rules;
    if (placement.version > this.#placement.version) {
      const isNewEpoch = placement.leaderEpoch > this.#placement.leaderEpoch;
      this.#placement = placement;
      this.#proposed = undefined;
      if (isNewEpoch) this.#followers.clear();
      if (this.isLeader && isNewEpoch) this.#lead();
    }
    this.reconsider();
  }

  /** Looks again at who may be in sync. */
  reconsider(): void {
    for (const [id, follower] of this.#followers) if (this.#isCaughtUp(follower)) this.#expand(id, follower);
    this.#advance();
    this.#watchLag();
    this.look();
  }

  /** Calls `look` whenever something has changed, until it answers true. */
  watch(look: () => boolean): void {
    if (!look()) this.#waiting.add(look);
  }

  unwatch(look: () => boolean): void {
    this.#waiting.delete(look);
  }

  look(): void {
    for (const look of [...this.#waiting]) if (look()) this.#waiting.delete(look);
  }

  /** Appends what a producer sent. */
  append(bytes: Buffer): Appended {
    const refused = (error: KafkaErrorCode) => ({ error, first: -1, end: -1, appendedAt: -1 });
    if (!this.isLeader) return refused(errorCodes.notLeaderOrFollower);
    if (this.#isUnderMinimum()) return refused(errorCodes.notEnoughReplicas);
    const sent = receiveBatch(bytes, this.#rules.messageBytesMax);
    if (typeof sent === 'number') return refused(sent);
    const now = this.#host.now();
    const { stampsAppends, aheadMsMax, segment } = this.#rules;
    if (!stampsAppends && sent.times?.some((time) => time > now + aheadMsMax))
      return refused(errorCodes.invalidTimestamp);
    if (bytes.length > segment.bytes) return refused(errorCodes.recordListTooLarge);
    if (sent.sequence !== undefined) {
      const duplicate = this.log.producers.duplicateOf(sent.sequence);
      if (duplicate !== undefined) {
        const { first, last, timeMax } = duplicate;
        return { error: errorCodes.none, first, end: last + 1, appendedAt: timeMax };
      }
      const refusal = this.log.producers.refusal(sent.sequence);
      if (refusal !== errorCodes.none) return refused(refusal);
    }
    if (!this.#host.hasRoom(bytes.length)) {
      this.#host.failed();
      return refused(errorCodes.kafkaStorageError);
    }
    const appendedAt = stampsAppends ? now : undefined;
    const batch = storedBatch(sent, this.log.end, this.epoch, appendedAt);
    this.log.append(batch, segment, now, this.#host.time);
    this.#advance();
    this.#host.feed(this);
    this.#watchLag();
    this.look();
    return { error: errorCodes.none, first: batch.first, end: batch.last + 1, appendedAt: appendedAt ?? -1 };
  }

  /** Whether an append is in all replicas in sync: undefined as long as it is not. */
  settled(end: number): KafkaErrorCode | undefined {
    if (this.isOffline) return errorCodes.kafkaStorageError;
    if (!this.isLeader) return errorCodes.notLeaderOrFollower;
    if (this.#highWatermark < end) return undefined;
    const isEnough = this.#inSyncMaximal().length >= this.#inSyncMin();
    return isEnough ? errorCodes.none : errorCodes.notEnoughReplicasAfterAppend;
  }

  /** A follower asks for what comes at `end`, so it has everything before. */
  heard(id: number, brokerEpoch: number, start: number, end: number): void {
    const known = this.#followers.get(id);
    if (known === undefined || !this.isLeader) return;
    const { time } = this.#host;
    if (end >= this.log.end) known.caughtUpAt = time;
    else if (end >= known.endThen) known.caughtUpAt = Math.max(known.caughtUpAt, known.heardAt);
    Object.assign(known, { end, start, brokerEpoch, heardAt: time, endThen: this.log.end });
    this.#expand(id, known);
    this.#advance();
    this.#watchLag();
    this.look();
  }

  /** Takes what the leader has sent: batches that go on at the end, its high watermark, its start. */
  take(batches: readonly StoredBatch[], highWatermark: number, start: number): void {
    const bytes = batches.reduce((sum, batch) => sum + batch.bytes.length, 0);
    if (bytes > 0 && !this.#host.hasRoom(bytes)) {
      this.#host.failed();
      return;
    }
    for (const batch of batches)
      this.log.append(batch, this.#rules.segment, this.#host.now(), this.#host.time);
    this.log.trim(start);
    this.#setHighWatermark(Math.min(highWatermark, this.log.end));
    this.look();
  }

  /** Forgets a tail that the leader does not have. */
  truncate(to: number): void {
    this.log.truncate(to);
    this.#setHighWatermark(Math.min(this.#highWatermark, this.log.end));
  }

  /** Forgets everything, and goes on at the leader's start. */
  restart(at: number): void {
    this.log.restart(at);
    this.#setHighWatermark(at);
  }

  /** Forgets what is before an offset, at the word of a client. */
  trim(before: number): void {
    this.log.trim(before);
    this.#host.feed(this);
    this.look();
  }

  /** Deletes what retention does not keep. */
  expire(): void {
    const { retentionMs, deletes } = this.#rules;
    if (retentionMs === undefined || !deletes) return;
    const { start } = this.log;
    this.log.expire(this.#host.now() - retentionMs, this.#highWatermark);
    if (this.log.start > start && this.isLeader) this.#host.feed(this);
  }

  /** The broker has ended. What it knew by heart is gone, and what the disk had not, if the power was cut. */
  forget(): void {
    this.#waiting.clear();
    this.#followers.clear();
    this.#proposed = undefined;
    this.#watchesLag = false;
    this.#placement = { ...this.#placement, leader: -1, leaderEpoch: -1, version: -1 };
    this.#highWatermark = Math.min(this.#checkpoint.highWatermark, this.log.end);
  }

  /** The topic is no more. */
  remove(): void {
    this.#placement = { ...this.#placement, leader: -1 };
    this.look();
    this.forget();
  }

  /** The controller has not taken what was proposed. */
  propositionFailed(): void {
    this.#proposed = undefined;
  }

  #lead(): void {
    this.#epochStart = this.log.end;
    this.log.beginEpoch(this.epoch);
    const { time } = this.#host;
    for (const id of this.#placement.replicas) {
      if (id === this.#host.id) continue;
      const caughtUpAt = this.#placement.inSync.includes(id) ? time : Number.NEGATIVE_INFINITY;
      this.#followers.set(id, { end: -1, start: -1, brokerEpoch: -1, caughtUpAt, heardAt: time, endThen: 0 });
    }
  }

  #inSyncMin(): number {
    return Math.min(this.#rules.inSyncMin, this.#placement.replicas.length);
  }

  #isUnderMinimum(): boolean {
    return this.#placement.inSync.length < this.#inSyncMin();
  }

  /** Those in sync, and those that may be by now. */
  #inSyncMaximal(): readonly number[] {
    return this.#proposed === undefined
      ? this.#placement.inSync
      : [...new Set([...this.#placement.inSync, ...this.#proposed])];
  }

  #isCaughtUp({ end, caughtUpAt }: Follower): boolean {
    return end === this.log.end || this.#host.time - caughtUpAt <= this.#host.lagMs;
  }

  /** As Kafka's Partition.maybeIncrementLeaderHW. */
  #advance(): void {
    if (!this.isLeader || this.#isUnderMinimum()) return;
    const maximal = this.#inSyncMaximal();
    let mark = this.log.end;
    for (const [id, follower] of this.#followers) {
      const isWaitedFor =
        maximal.includes(id) ||
        (this.#isCaughtUp(follower) && this.#host.mayBeInSync(id, follower.brokerEpoch));
      if (isWaitedFor) mark = Math.min(mark, follower.end);
    }
    if (mark <= this.#highWatermark) return;
    this.#setHighWatermark(mark);
    this.#host.feed(this);
    this.look();
  }

  #setHighWatermark(mark: number): void {
    this.#highWatermark = mark;
    const { time } = this.#host;
    if (time - this.#checkpoint.at >= checkpointMs) this.#checkpoint = { at: time, highWatermark: mark };
  }

  #expand(id: number, { end, brokerEpoch }: Follower): void {
    if (!this.isLeader || this.#proposed !== undefined || this.#placement.inSync.includes(id)) return;
    if (end < this.#highWatermark || end < this.#epochStart) return;
    if (this.#host.mayBeInSync(id, brokerEpoch)) this.#propose([...this.#placement.inSync, id]);
  }

  #propose(inSync: readonly number[]): void {
    this.#proposed = inSync;
    const epochOf = (id: number) =>
      id === this.#host.id ? this.#host.epoch : (this.#followers.get(id)?.brokerEpoch ?? -1);
    this.#host.proposeInSync(
      this,
      inSync.map((broker) => ({ broker, epoch: epochOf(broker) })),
    );
  }

  /** Looks again when the first follower in sync has lagged for too long, and takes it out. */
  #watchLag(): void {
    if (this.#watchesLag || !this.isLeader || this.#proposed !== undefined) return;
    const behind = [...this.#followers].filter(
      ([id, { end }]) => this.#placement.inSync.includes(id) && end !== this.log.end,
    );
    if (behind.length === 0) return;
    this.#watchesLag = true;
    const due = Math.min(...behind.map(([, { caughtUpAt }]) => caughtUpAt)) + this.#host.lagMs;
    this.#host.after(Math.max(1, due + 1 - this.#host.time), () => {
      this.#watchesLag = false;
      this.#shrink();
      this.#watchLag();
    });
  }

  #shrink(): void {
    if (!this.isLeader || this.#proposed !== undefined) return;
    const inSync = this.#placement.inSync.filter((id) => {
      const follower = this.#followers.get(id);
      return follower === undefined || this.#isCaughtUp(follower);
    });
    if (inSync.length < this.#placement.inSync.length) this.#propose(inSync);
  }
}
