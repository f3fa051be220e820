/** Who has a partition, and who leads it: a fact of the controller. */
export type Placement = {
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
  /** Out of sync, but with everything that was acknowledged (KIP-966). */
  readonly eligible: readonly number[];
  /** Who led before there was nobody in sync. */
  readonly lastLeader: number;
  /** −1 for none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Counts the changes. */
  readonly version: number;
};

export function newPlacement(replicas: readonly number[]): Placement {
  return {
    replicas,
    inSync: replicas,
    eligible: [],
    lastLeader: -1,
    leader: replicas[0]!,
    leaderEpoch: 0,
    version: 0,
  };
}

/** What an election is to know. */
export type Electing = {
  /** `min.insync.replicas`. */
  readonly inSyncMin: number;
  readonly isUsable: (broker: number) => boolean;
  readonly isUnclean: boolean;
  /** A broker that came back without having been stopped in peace: nothing it has is certain. */
  readonly crashed?: number;
};

/**
 * The placement when these are in sync, as Kafka's PartitionChangeBuilder decides with eligible leader
 * replicas: the leader stays if it may, else the first replica in sync leads, else an eligible one, else the
 * one that led last if it is the last one known, and one that may lack something only where the topic
 * allows it.
 */
export function replaced(before: Placement, inSyncWanted: readonly number[], electing: Electing): Placement {
  const { inSyncMin, isUsable, isUnclean, crashed } = electing;
  const known = [...new Set([...before.eligible, ...before.inSync])];
  const isEnough = inSyncWanted.length >= Math.min(inSyncMin, before.replicas.length);
  const candidates = known.filter((broker) => !inSyncWanted.includes(broker) && broker !== crashed);
  let eligible = isEnough ? [] : candidates;
  let inSync = inSyncWanted;
  const mayLead = (broker: number) =>
    (inSync.length > 0 ? inSync : eligible).includes(broker) && isUsable(broker);
  let leader = mayLead(before.leader) ? before.leader : (before.replicas.find(mayLead) ?? -1);
  if (leader >= 0 && inSync.length === 0) {
    const elected = leader;
    inSync = [elected];
    eligible = eligible.filter((broker) => broker !== elected);
  }
  if (leader < 0) {
    const isLastHope = inSync.length === 0 && eligible.length === 0 && isUsable(before.lastLeader);
    const unclean = isLastHope ? before.lastLeader : isUnclean ? (before.replicas.find(isUsable) ?? -1) : -1;
    if (unclean >= 0) {
      leader = unclean;
      inSync = [unclean];
      eligible = [];
    }
  }
  const isSame =
    leader === before.leader && isEqual(inSync, before.inSync) && isEqual(eligible, before.eligible);
  if (isSame) return before;
  return {
    replicas: before.replicas,
    inSync,
    eligible,
    lastLeader: leader >= 0 ? -1 : before.leader >= 0 ? before.leader : before.lastLeader,
    leader,
    leaderEpoch: before.leaderEpoch + (leader === before.leader ? 0 : 1),
    version: before.version + 1,
  };
}

function isEqual(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((broker) => other.includes(broker));
}
