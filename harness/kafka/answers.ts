import type {
  ClusterMetadata,
  OffsetAnswer,
  OffsetQuestion,
  PartitionOf,
  TopicMetadata,
  TopicSettings,
} from '../../src/env/kafka.ts';
import type { Broker } from './broker.ts';
import { errorCodes } from './error-codes.ts';
import type { Replica } from './replica.ts';
import { settingsInForce } from './topic-settings.ts';

/** The cluster, as far as a broker knows. */
export function metadata(broker: Broker, topics: readonly string[]): ClusterMetadata {
  const { image, surroundings } = broker;
  const alive = [...image.brokers.values()].filter(({ isFenced }) => !isFenced);
  return {
    clusterId: surroundings.clusterId,
    // In KRaft mode any broker hands on what is meant for the controller, and one is named at random.
    controller: alive.length > 0 ? broker.random.pick(alive).id : -1,
    brokers: alive.map(({ id, rack }) => ({ id, rack, ...surroundings.addressOf(id) })),
    topics: topics.map((topic) => topicMetadata(broker, topic)),
  };
}

function topicMetadata({ image }: Broker, name: string): TopicMetadata {
  const topic = image.topics.get(name);
  if (topic === undefined)
    return { topic: name, error: errorCodes.unknownTopicOrPartition, id: '0'.repeat(32), partitions: [] };
  const partitions = topic.placements.map(({ leader, leaderEpoch, replicas, inSync }, partition) => {
    const isLed = leader >= 0 && image.isAlive(leader);
    const error = isLed ? errorCodes.none : errorCodes.leaderNotAvailable;
    return { partition, error, leader: isLed ? leader : -1, leaderEpoch, replicas, inSync };
  });
  return { topic: name, error: errorCodes.none, id: topic.id, partitions };
}

export function listOffsets(broker: Broker, asked: readonly OffsetQuestion[]): readonly OffsetAnswer[] {
  const groups = Map.groupBy(asked, ({ topic, partition }) => `${topic} ${partition}`);
  return [...groups.values()].map(([question, ...more]) => {
    const { topic, partition } = question!;
    // One that is asked about twice in a request is not looked at.
    const answer =
      more.length > 0 ? { error: errorCodes.invalidRequest, offset: -1 } : offsetOf(broker, question!);
    return { topic, partition, ...answer };
  });
}

function offsetOf(
  broker: Broker,
  { time, leaderEpoch, ...of }: OffsetQuestion,
): { readonly error: number; readonly offset: number } {
  const failed = (error: number) => ({ error, offset: -1 });
  const replica = broker.replicaOf(of);
  if (typeof replica === 'number') return failed(replica);
  const epochError = epochErrorOf(replica, leaderEpoch);
  if (epochError !== errorCodes.none) return failed(epochError);
  if (!replica.isLeader) return failed(errorCodes.notLeaderOrFollower);
  const { log, isHighWatermarkStale } = replica;
  const highWatermark = watermarkOf(broker, replica);
  if (time === 'earliest') return { error: errorCodes.none, offset: log.start };
  if (time === 'latest') {
    if (isHighWatermarkStale) return failed(errorCodes.offsetNotAvailable);
    return { error: errorCodes.none, offset: highWatermark };
  }
  const found = log.seek(time);
  if (found !== undefined && found < highWatermark) return { error: errorCodes.none, offset: found };
  return failed(isHighWatermarkStale ? errorCodes.offsetNotAvailable : errorCodes.none);
}

/** What a client knows of the leader may be older, or younger, than what a replica does (KIP-320). */
export function epochErrorOf({ epoch }: Replica, leaderEpoch = epoch): number {
  if (leaderEpoch === epoch) return errorCodes.none;
  return leaderEpoch < epoch ? errorCodes.fencedLeaderEpoch : errorCodes.unknownLeaderEpoch;
}

/** The high watermark as the broker answers it: an old one, if it has to be so. */
export function watermarkOf(broker: Broker, replica: Replica): number {
  const { staleEnd } = broker.surroundings.weather;
  const isStale = staleEnd > 0 && broker.random.chance(staleEnd);
  return isStale ? replica.formerHighWatermark : replica.highWatermark;
}

/** The low watermark is answered once every living replica has come to it. */
export function deleteRecords(broker: Broker, of: PartitionOf, before: number): Promise<OffsetAnswer> {
  const { topic, partition } = of;
  const answer = (error: number, offset = -1) => ({ topic, partition, error, offset });
  const replica = broker.replicaOf(of);
  if (typeof replica === 'number') return Promise.resolve(answer(replica));
  if (!replica.isLeader) return Promise.resolve(answer(errorCodes.notLeaderOrFollower));
  if (!replica.rules.deletes) return Promise.resolve(answer(errorCodes.policyViolation));
  const to = before === -1 ? replica.highWatermark : before;
  if (to < 0 || to > replica.highWatermark) return Promise.resolve(answer(errorCodes.offsetOutOfRange));
  replica.trim(to);
  return new Promise((resolve) => {
    const over = new AbortController();
    const finish = (error: number, offset?: number) => {
      over.abort(null);
      resolve(answer(error, offset));
    };
    const look = () => {
      if (over.signal.aborted) return true;
      if (!replica.isLeader) finish(errorCodes.notLeaderOrFollower);
      else if (replica.startOfAll >= to) finish(errorCodes.none, replica.startOfAll);
      return over.signal.aborted;
    };
    replica.watch(look);
    if (over.signal.aborted) return;
    const giveUp = () => {
      replica.unwatch(look);
      finish(errorCodes.requestTimedOut);
    };
    broker.after(deleteMs, giveUp, over.signal);
  });
}

/** The adapter of real brokers gives them so long to delete records. */
const deleteMs = 15_000;

export function describeTopic(
  { image }: Broker,
  topic: string,
): { readonly error: number; readonly settings: TopicSettings } {
  const known = image.topics.get(topic);
  if (known === undefined) return { error: errorCodes.unknownTopicOrPartition, settings: {} };
  return { error: errorCodes.none, settings: settingsInForce(known.settings) };
}
