import type { Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import {
  type BrokerConnection,
  KafkaConnectionError,
  KafkaError,
  type ProduceAnswer,
} from '../../env/kafka.ts';
import type { Brokers } from './brokers.ts';
import type { Attempt, PartitionAppends } from './partition-appends.ts';

export type Pace = {
  /** While a request is under way, the next one is sent so long after it, or once it was answered. */
  readonly lingerMs: Millis;
  /** Requests under way at one broker, each on a connection of its own. */
  readonly requestsMax: number;
  /** What several appends may take together in one record batch; one may take more. */
  readonly batchBytesMax: number;
  /** What the record batches of a request may take together; one may take more. */
  readonly requestBytesMax: number;
  /** How long a broker may wait for the other replicas, and we for the broker. */
  readonly requestMs: Millis;
};

export type ProduceQueueEnv = {
  readonly brokers: Brokers;
  readonly crc32c: (bytes: Uint8Array) => number;
  /** An attempt has ended: from now on the partition is somebody else's to see to. */
  readonly ended: (partition: PartitionAppends, attempt: Attempt | KafkaError) => void;
  /** The partition is led by another broker by now. */
  readonly moved: (partition: PartitionAppends) => void;
};

/**
 * The partitions that one broker leads and that have something to be sent, in order. What comes while nothing
 * is under way is sent at the end of the turn, all in one request; what comes then waits a little, and shares
 * a request: brokers mind requests more than records.
 */
export class ProduceQueue {
  readonly #broker: number;
  readonly #env: ProduceQueueEnv;
  readonly #pace: Pace;
  #ready: PartitionAppends[] = [];
  /** By connection, the request that is under way on it. */
  readonly #requests: (Request | undefined)[];
  #underWay = 0;
  #sentAt: Millis = Number.NEGATIVE_INFINITY;
  #isWaking = false;

  constructor(broker: number, env: ProduceQueueEnv, pace: Pace) {
    this.#broker = broker;
    this.#env = env;
    this.#pace = pace;
    this.#requests = new Array(pace.requestsMax).fill(undefined);
  }

  add(partition: PartitionAppends): void {
    this.#ready.push(partition);
    this.#wake();
  }

  /**
   * Looks after requests that were sent before some time and still wait. A broker that stands still does not
   * say that it leads no more: others are asked, and what it does not lead any more is sent elsewhere. Nor
   * does it refuse a connection.
   */
  lookAfter(sentBefore: Millis): void {
    const { brokers } = this.#env;
    for (const request of this.#requests) {
      if (request === undefined || request.sentAt > sentBefore) continue;
      const hasMoved = ({ of }: PartitionAppends) => {
        const leader = brokers.knownLeader(of);
        return leader !== undefined && leader.broker !== this.#broker;
      };
      if (request.connection === undefined) request.abandon(new KafkaConnectionError('It takes too long.'));
      else if (request.partitions.some(hasMoved)) request.connection.close();
      for (const topic of new Set(request.partitions.map(({ of }) => of.topic))) {
        detached(brokers.refresh(topic), () => {});
      }
    }
  }

  /** Sends what is ready at the end of the turn, or once it is time for another request. */
  #wake(): void {
    if (this.#isWaking || this.#ready.length === 0) return;
    this.#isWaking = true;
    detached(this.#sendSoon(), unthinkable);
  }

  async #sendSoon(): Promise<void> {
    const { clock } = this.#env.brokers;
    await clock.turn();
    const pause = () => this.#sentAt + this.#pace.lingerMs - clock.monotonic();
    while (this.#underWay > 0 && pause() > 0) await clock.sleep(pause());
    this.#isWaking = false;
    this.#send();
  }

  #send(): void {
    const lane = this.#requests.indexOf(undefined);
    if (lane === -1) return;
    const partitions: PartitionAppends[] = [];
    const batches: Buffer[] = [];
    let bytes = 0;
    let taken = 0;
    while (taken < this.#ready.length && bytes < this.#pace.requestBytesMax) {
      const partition = this.#ready[taken++]!;
      const batch = this.#batchOf(partition);
      if (batch === undefined) continue;
      partitions.push(partition);
      batches.push(batch);
      bytes += batch.length;
    }
    this.#ready = this.#ready.slice(taken);
    if (partitions.length === 0) return;
    const sentAt = this.#env.brokers.clock.monotonic();
    this.#sentAt = sentAt;
    this.#underWay += 1;
    const { promise: abandoned, reject: abandon } = Promise.withResolvers<never>();
    const request: Request = { partitions, sentAt, connection: undefined, abandoned, abandon };
    this.#requests[lane] = request;
    detached(this.#carryOut(request, batches, lane), unthinkable);
    this.#wake();
  }

  /** Undefined when there is nothing to send, or not here. */
  #batchOf(partition: PartitionAppends): Buffer | undefined {
    const { brokers, crc32c, moved } = this.#env;
    const isHere =
      partition.producer !== undefined && brokers.knownLeader(partition.of)?.broker === this.#broker;
    const batch = isHere
      ? partition.nextBatch(brokers.clock.now(), this.#pace.batchBytesMax, crc32c)
      : undefined;
    if (batch === undefined) moved(partition);
    return batch;
  }

  async #carryOut(request: Request, batches: readonly Buffer[], lane: number): Promise<void> {
    const attempts = await this.#attempt(request, batches, lane);
    this.#requests[lane] = undefined;
    this.#underWay -= 1;
    request.partitions.forEach((partition, index) => {
      this.#env.ended(partition, typeof attempts === 'function' ? attempts(index) : attempts);
    });
    if (this.#underWay === 0 && this.#ready.length > 0) this.#send();
    else this.#wake();
  }

  /** By partition, or for all of them, how it ended. */
  async #attempt(
    request: Request,
    batches: readonly Buffer[],
    lane: number,
  ): Promise<'not sent' | 'no answer' | KafkaError | ((index: number) => Attempt)> {
    let sent = false;
    try {
      const opening = this.#env.brokers.connection(this.#broker, `produce ${lane}`);
      const connection = await Promise.race([opening, request.abandoned]);
      request.connection = connection;
      const { requestMs } = this.#pace;
      const produced = request.partitions.map(({ of }, index) => ({ ...of, bytes: batches[index]! }));
      sent = true;
      return answersOf(request, await connection.produce({ timeoutMs: requestMs, batches: produced }));
    } catch (error) {
      if (error instanceof KafkaConnectionError) return sent ? 'no answer' : 'not sent';
      if (error instanceof KafkaError) return error;
      throw error;
    }
  }
}

type Request = {
  readonly partitions: readonly PartitionAppends[];
  readonly sentAt: Millis;
  /** Once there is one. Before, the request can be abandoned. */
  connection: BrokerConnection | undefined;
  readonly abandoned: Promise<never>;
  readonly abandon: (reason: KafkaConnectionError) => void;
};

/** A broker answers in an order of its own. */
function answersOf({ partitions }: Request, answers: readonly ProduceAnswer[]): (index: number) => Attempt {
  const isOf = ({ of }: PartitionAppends, answer: ProduceAnswer | undefined) =>
    answer?.partition === of.partition && answer.topic === of.topic;
  let byName: Map<string, ProduceAnswer> | undefined;
  return (index) => {
    const partition = partitions[index]!;
    if (isOf(partition, answers[index])) return answers[index]!;
    byName ??= new Map(answers.map((answer) => [`${answer.partition} ${answer.topic}`, answer]));
    return byName.get(`${partition.of.partition} ${partition.of.topic}`) ?? 'no answer';
  };
}
