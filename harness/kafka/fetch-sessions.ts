import type { Millis } from '../../src/env/clock.ts';
import type { FetchedPartition, FetchRequest, KafkaErrorCode, PartitionOf } from '../../src/env/kafka.ts';
import type { SeededRandom } from '../random.ts';
import { errorCodes } from './error-codes.ts';

export type Wanted = FetchRequest['partitions'][number];

type Told = { readonly highWatermark: number; readonly start: number };

/** An incremental fetch session (KIP-227): what a client wants, and what it was told last. */
type Session = {
  readonly id: number;
  readonly begunAt: Millis;
  epoch: number;
  usedAt: Millis;
  /** In the order in which they are read: those with bytes go behind the others. */
  readonly wanted: Map<string, Wanted>;
  readonly told: Map<string, Told>;
};

/** What a request comes to: the partitions to read, and what of their answers is to be said. */
export type SessionFetch = {
  readonly error: KafkaErrorCode;
  readonly id: number;
  readonly wanted: readonly Wanted[];
  readonly select: (all: readonly FetchedPartition[]) => readonly FetchedPartition[];
};

/** The fetch sessions of a broker, as Kafka's FetchSession decides. */
export class FetchSessions {
  readonly #random: SeededRandom;
  readonly #sessionsMax: number;
  readonly #evictionMs: Millis;
  readonly #sessions = new Map<number, Session>();

  constructor(random: SeededRandom, sessionsMax: number, evictionMs: Millis) {
    this.#random = random;
    this.#sessionsMax = sessionsMax;
    this.#evictionMs = evictionMs;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** An epoch below one is a request for everything, in no session, or at the beginning of one. */
  fetch({ session: { id, epoch }, partitions, forgotten }: FetchRequest, time: Millis): SessionFetch {
    if (epoch <= 0) {
      this.#sessions.delete(id);
      const session = epoch === 0 ? this.#begin(partitions, time) : undefined;
      const select = (all: readonly FetchedPartition[]) => {
        if (session !== undefined) for (const each of all) this.#note(session, each);
        return all;
      };
      return { error: errorCodes.none, id: session?.id ?? 0, wanted: partitions, select };
    }
    const session = this.#sessions.get(id);
    if (session === undefined) return refused(errorCodes.fetchSessionIdNotFound);
    if (session.epoch !== epoch) return refused(errorCodes.invalidFetchSessionEpoch);
    session.epoch = (epoch % (2 ** 31 - 1)) + 1;
    session.usedAt = time;
    for (const each of partitions) session.wanted.set(nameOf(each), each);
    for (const each of forgotten) {
      session.wanted.delete(nameOf(each));
      session.told.delete(nameOf(each));
    }
    const select = (all: readonly FetchedPartition[]) => all.filter((each) => this.#note(session, each));
    return { error: errorCodes.none, id, wanted: [...session.wanted.values()], select };
  }

  /** Forgets a session, as if others had needed its place. */
  evict(id: number): void {
    this.#sessions.delete(id);
  }

  /** Answers no session when all places are taken by ones that were used lately. */
  #begin(partitions: readonly Wanted[], time: Millis): Session | undefined {
    if (partitions.length === 0) return undefined;
    if (this.#sessions.size >= this.#sessionsMax && !this.#makeRoom(partitions.length, time))
      return undefined;
    let id = 0;
    while (id === 0 || this.#sessions.has(id)) id = this.#random.next() >>> 1;
    const wanted = new Map(partitions.map((each) => [nameOf(each), each]));
    const session = { id, begunAt: time, epoch: 1, usedAt: time, wanted, told: new Map<string, Told>() };
    this.#sessions.set(id, session);
    return session;
  }

  /** A session that was not used for long goes, or one that is old and smaller. */
  #makeRoom(size: number, time: Millis): boolean {
    const sessions = [...this.#sessions.values()];
    const idle = sessions.sort((one, other) => one.usedAt - other.usedAt)[0]!;
    const small = sessions.sort((one, other) => one.wanted.size - other.wanted.size)[0]!;
    const isSmaller = small.wanted.size < size && time - small.begunAt > this.#evictionMs;
    const evicted = time - idle.usedAt > this.#evictionMs ? idle : isSmaller ? small : undefined;
    if (evicted === undefined) return false;
    return this.#sessions.delete(evicted.id);
  }

  /** Whether the client has to be told of a partition, which it is then taken to be. */
  #note({ told, wanted }: Session, fetched: FetchedPartition): boolean {
    const name = nameOf(fetched);
    const { error, bytes, highWatermark, start, preferredReplica } = fetched;
    const before = told.get(name);
    // An error is said again until it is over.
    if (error === errorCodes.none) told.set(name, { highWatermark, start });
    else told.delete(name);
    const turn = wanted.get(name);
    if (bytes.length > 0 && turn !== undefined) {
      wanted.delete(name);
      wanted.set(name, turn);
    }
    if (error !== errorCodes.none || bytes.length > 0 || preferredReplica >= 0) return true;
    return before?.highWatermark !== highWatermark || before.start !== start;
  }
}

function refused(error: KafkaErrorCode): SessionFetch {
  return { error, id: 0, wanted: [], select: () => [] };
}

function nameOf({ topic, partition }: PartitionOf): string {
  return `${topic}/${partition}`;
}
