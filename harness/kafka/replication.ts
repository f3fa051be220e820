import type { Replica } from './replica.ts';
import type { StoredBatch } from './stored-batch.ts';

/**
 * How brokers copy from each other: a follower says where it stands in some partitions, the leader sends what
 * it lacks as soon as there is something, one message at a time, and the follower says again where it stands.
 * It is Kafka's replica fetch in a session with long polls, told from the leader's side.
 */
export type Position = {
  readonly topicId: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly start: number;
  readonly end: number;
  /** The epoch of the follower's last batch. */
  readonly lastEpoch: number;
};

export type Copy = Pick<Position, 'topicId' | 'partition' | 'leaderEpoch' | 'end'> & {
  readonly batches: readonly StoredBatch[];
  readonly highWatermark: number;
  readonly start: number;
  /** Where the follower has gone another way: the end of its last epoch, or of an earlier one. */
  readonly fork: { readonly epoch: number; readonly end: number } | undefined;
};

/** What a follower says. `isAnswer` when it has taken what was sent. */
export type Report = {
  readonly session: number;
  readonly brokerEpoch: number;
  readonly isAnswer: boolean;
  readonly positions: readonly Position[];
};

type Told = { readonly position: Position; readonly highWatermark: number };

/** `replica.fetch.response.max.bytes`: of all partitions together; the first batch goes whatever its size. */
const messageBytesMax = 10 * 1024 * 1024;

/** The leader's side towards one follower, for as long as nothing between them is lost. */
export class Feed {
  readonly session: number;
  readonly #follower: number;
  readonly #find: (topicId: string, partition: number) => Replica | undefined;
  readonly #send: (copies: readonly Copy[]) => void;
  readonly #told = new Map<Replica, Told>();
  readonly #dirty = new Set<Replica>();
  #isUnderWay = false;

  constructor(
    follower: number,
    session: number,
    find: (topicId: string, partition: number) => Replica | undefined,
    send: (copies: readonly Copy[]) => void,
  ) {
    this.#follower = follower;
    this.session = session;
    this.#find = find;
    this.#send = send;
  }

  heard({ brokerEpoch, isAnswer, positions }: Report): void {
    if (isAnswer) this.#isUnderWay = false;
    for (const position of positions) {
      const replica = this.#find(position.topicId, position.partition);
      if (!replica?.isLeader || replica.epoch !== position.leaderEpoch) continue;
      const highWatermark = this.#told.get(replica)?.highWatermark ?? -1;
      this.#told.set(replica, { position, highWatermark });
      this.#dirty.add(replica);
      // Of a tail that went another way nothing counts.
      if (forkOf(replica, position) === undefined)
        replica.heard(this.#follower, brokerEpoch, position.start, position.end);
    }
    this.#push();
  }

  /** Something may be new in a partition. */
  touch(replica: Replica): void {
    if (!this.#told.has(replica)) return;
    this.#dirty.add(replica);
    this.#push();
  }

  #push(): void {
    if (this.#isUnderWay || this.#dirty.size === 0) return;
    const copies: Copy[] = [];
    let room = messageBytesMax;
    for (const replica of this.#dirty) {
      if (room <= 0) break;
      this.#dirty.delete(replica);
      const copy = this.#copyOf(replica, room);
      if (copy === undefined) continue;
      copies.push(copy);
      for (const { bytes } of copy.batches) room -= bytes.length;
    }
    if (copies.length === 0) return;
    this.#isUnderWay = true;
    this.#send(copies);
  }

  #copyOf(replica: Replica, bytesMax: number): Copy | undefined {
    const { position, highWatermark: told } = this.#told.get(replica)!;
    const { topicId, partition, leaderEpoch, end } = position;
    if (!replica.isLeader || replica.epoch !== leaderEpoch) {
      this.#told.delete(replica);
      return undefined;
    }
    const { highWatermark, log } = replica;
    const fork = forkOf(replica, position);
    const isWithin = fork === undefined && end >= log.start;
    const batches = isWithin ? upTo(bytesMax, log.batchesFrom(end, log.end)) : [];
    const isNew = !isWithin || batches.length > 0 || highWatermark !== told || log.start > position.start;
    if (!isNew) return undefined;
    this.#told.set(replica, { position, highWatermark });
    return { topicId, partition, leaderEpoch, end, batches, highWatermark, start: log.start, fork };
  }
}

/**
 * Undefined when a follower's log is the beginning of the leader's. An epoch that the leader knows nothing of
 * forks at the very start.
 */
function forkOf({ log }: Replica, { lastEpoch, end }: Position): Copy['fork'] {
  if (lastEpoch < 0) return undefined;
  const known = log.endOf(lastEpoch);
  if (known === undefined) return { epoch: -1, end: log.start };
  return known.epoch < lastEpoch || known.end < end ? known : undefined;
}

/** The first batches, of so many bytes at most, but for the very first. */
export function upTo(bytesMax: number, batches: readonly StoredBatch[]): readonly StoredBatch[] {
  let room = bytesMax;
  let end = 0;
  while (end < batches.length && (end === 0 || batches[end]!.bytes.length <= room))
    room -= batches[end++]!.bytes.length;
  return batches.slice(0, end);
}

/** Takes what the leader has sent, where it still fits. Answers whether it was for this replica as it is. */
export function takeCopy(replica: Replica, copy: Copy): boolean {
  const { log } = replica;
  if (replica.isLeader || replica.isOffline || replica.epoch !== copy.leaderEpoch || log.end !== copy.end)
    return false;
  if (copy.fork !== undefined) {
    const own = log.endOf(copy.fork.epoch);
    if (own === undefined) replica.restart(copy.fork.end);
    else replica.truncate(Math.min(copy.fork.end, own.end));
  } else if (copy.end < copy.start) {
    replica.restart(copy.start);
  } else {
    replica.take(copy.batches, copy.highWatermark, copy.start);
  }
  return true;
}

export function positionOf({ topicId, partition, epoch, log }: Replica): Position {
  const { start, end, lastEpoch } = log;
  return { topicId, partition, leaderEpoch: epoch, start, end, lastEpoch };
}

/** The follower's side towards one leader. */
export class Fetcher {
  readonly #newSession: () => number;
  readonly #report: (report: Omit<Report, 'brokerEpoch'>) => void;
  readonly #replicas = new Set<Replica>();
  #session: number;

  constructor(newSession: () => number, report: (report: Omit<Report, 'brokerEpoch'>) => void) {
    this.#newSession = newSession;
    this.#report = report;
    this.#session = newSession();
  }

  follow(replica: Replica): void {
    this.#replicas.add(replica);
    this.tell([replica]);
  }

  leave(replica: Replica): void {
    this.#replicas.delete(replica);
  }

  /** Says where these stand, as far as they are followed. */
  tell(replicas: readonly Replica[]): void {
    this.#say(replicas, false);
  }

  /** Begins again, after something may have been lost. */
  restart(): void {
    this.#session = this.#newSession();
    this.#say([...this.#replicas], false);
  }

  arrived(session: number, copies: readonly Copy[], find: (copy: Copy) => Replica | undefined): void {
    if (session !== this.#session) return;
    const replicas = copies.flatMap((copy) => {
      const replica = find(copy);
      if (replica !== undefined) takeCopy(replica, copy);
      return replica ?? [];
    });
    this.#say(replicas, true);
  }

  #say(replicas: readonly Replica[], isAnswer: boolean): void {
    const followed = replicas.filter((replica) => this.#replicas.has(replica) && !replica.isOffline);
    if (followed.length === 0 && !isAnswer) return;
    this.#report({ session: this.#session, isAnswer, positions: followed.map(positionOf) });
  }
}
