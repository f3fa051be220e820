import type { Clock, Millis } from '../../env/clock.ts';
import { detached } from '../../env/detached.ts';
import {
  type BrokerAddress,
  type BrokerConnection,
  type ClusterMetadata,
  type Kafka,
  KafkaConnectionError,
  type KafkaErrorCode,
  type PartitionOf,
} from '../../env/kafka.ts';
import type { Logger } from '../../env/logger.ts';
import { Backoff } from './backoff.ts';
import { UnavailableError } from './client.ts';
import { Connections, nameOf, type Purpose } from './connections.ts';
import { isPassing, isStale, isTemporary } from './error-codes.ts';
import { FirstAnswer } from './first-answer.ts';
import { LeaderCheck } from './leader-check.ts';
import { type Leader, Leaders } from './leaders.ts';

export type BrokersOptions = {
  /** Where to ask first; one that answers is enough. */
  readonly bootstrap: readonly BrokerAddress[];
  /** How long something is asked again before the answer is `UnavailableError`. */
  readonly patienceMs?: Millis;
};

export type BrokersEnv = { readonly kafka: Kafka; readonly clock: Clock; readonly logger: Logger };

/**
 * The brokers of a cluster: connections to them, and who of them leads what. What fails is asked again, with
 * pauses that grow, until patience ends.
 */
export class Brokers implements AsyncDisposable {
  readonly clock: Clock;
  readonly #logger: Logger;
  readonly #bootstrap: readonly BrokerAddress[];
  readonly #patienceMs: Millis;
  readonly #connections: Connections;
  readonly #leaders = new Leaders();
  readonly #check: LeaderCheck;
  readonly #closed = new AbortController();
  /** By id, as a broker said last. */
  #addresses = new Map<number, BrokerAddress>();
  #controller = -1;
  /** Brokers that took long to answer, and have not answered since. */
  readonly #slow = new Set<string>();
  /** How often somebody was asked who leads what. */
  #turn = 0;
  /** The topics that the next round asks for, and the round, while there is one to come. */
  readonly #wanted = new Set<string>();
  #next: Promise<void> | undefined;
  #round: Promise<void> = Promise.resolve();
  #roundAt: Millis = Number.NEGATIVE_INFINITY;

  private constructor({ kafka, clock, logger }: BrokersEnv, options: BrokersOptions) {
    this.clock = clock;
    this.#logger = logger;
    this.#bootstrap = options.bootstrap;
    this.#patienceMs = options.patienceMs ?? patienceMsDefault;
    this.#connections = new Connections(kafka, clock);
    this.#check = new LeaderCheck(clock, async (broker, topics) => {
      const connection = await this.connection(broker, 'admin');
      this.#learn(await connection.metadata(topics));
    });
  }

  /**
   * Resolves once a broker has said who there is. Rejects with `UnavailableError`, in one line, when none of
   * the list answers, and with `KafkaError` when one refuses the credentials.
   */
  static async open(env: BrokersEnv, options: BrokersOptions): Promise<Brokers> {
    const brokers = new Brokers(env, options);
    try {
      brokers.#learn(await brokers.metadata([]));
    } catch (error) {
      await brokers[Symbol.asyncDispose]();
      throw error;
    }
    detached(brokers.#refreshEverSoOften(), (error) => brokers.#refreshFailed(error));
    return brokers;
  }

  /** Aborted, with the reason, when the client is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Who leads a partition, as far as it is known, at once. */
  knownLeader(of: PartitionOf): Leader | undefined {
    return this.#leaders.of(of);
  }

  /**
   * Who leads a partition; asks brokers when that is not known. Undefined when they do not know either: there
   * is no leader now, or no such topic. Rejects with `UnavailableError` when none answers, with
   * `DamagedError` for a topic that was made anew.
   */
  async leader(of: PartitionOf): Promise<Leader | undefined> {
    const known = this.#leaders.of(of);
    if (known !== undefined) return known;
    this.#leaders.check(of.topic);
    await this.refresh(of.topic);
    this.#leaders.check(of.topic);
    return this.#leaders.of(of);
  }

  /**
   * Whether a leader leads a partition still, by the word of other replicas, asked after the call: see
   * `LeaderCheck` for what that is worth. Never rejects.
   */
  async leadsStill(of: PartitionOf, { epoch, others }: Leader): Promise<boolean> {
    await this.#check.ask(of.topic, others);
    return this.#leaders.epochOf(of) === epoch;
  }

  /** Something that a leader answered, or did not answer, says that it may lead no more. */
  doubt(of: PartitionOf, leader: Leader): void {
    this.#leaders.doubt(of, leader);
  }

  /** A topic was deleted on purpose: the next one of its name may be another. */
  forget(topic: string): void {
    this.#leaders.forget(topic);
  }

  /** Asks anew who leads the partitions of a topic. Calls of a while share a request. Rejects as `leader`. */
  refresh(topic: string): Promise<void> {
    this.#wanted.add(topic);
    this.#next ??= this.#refreshAfter(this.#round);
    return this.#next;
  }

  /**
   * What brokers say of topics, unseen by the cache. Each time another one is asked first: one that is cut
   * off from the others, and does not know it, would say for ever what was so before. Rejects as `anywhere`.
   */
  metadata(topics: readonly string[]): Promise<ClusterMetadata> {
    const ask = (connection: BrokerConnection) => connection.metadata(topics);
    return this.#first(this.#inTurn(), ask);
  }

  /**
   * A connection to a broker for a purpose: others wait less for what is slow. Rejects with
   * `KafkaConnectionError` when it cannot be had now, and at once for a while after that; with `KafkaError`
   * when the broker refuses the credentials.
   */
  async connection(broker: number, purpose: Purpose): Promise<BrokerConnection> {
    const address = this.#addresses.get(broker);
    if (address === undefined) throw new KafkaConnectionError(`Broker ${broker} is not in the cluster.`);
    return this.#connections.to(address, purpose);
  }

  /**
   * Has one broker answer, whichever does: when one takes long, another is asked as well, so what is asked
   * must be harmless to repeat. Rejects with `UnavailableError` when none answers, and with what a broker
   * refuses the request with.
   */
  anywhere<Answer>(ask: (connection: BrokerConnection) => Promise<Answer>): Promise<Answer> {
    return this.#first(this.#candidates(), ask);
  }

  async #first<Answer>(
    candidates: readonly BrokerAddress[],
    ask: (connection: BrokerConnection) => Promise<Answer>,
  ): Promise<Answer> {
    this.#closed.signal.throwIfAborted();
    const first = new FirstAnswer<Answer>();
    const asked: Promise<void>[] = [];
    for (const address of candidates) {
      const answer = this.#connections.to(address, 'admin').then(ask);
      const heard = first.hear(answer, () => this.#slow.delete(nameOf(address)));
      asked.push(heard);
      if (!(await this.#within(slowMs, heard))) this.#slow.add(nameOf(address));
      if (first.isHere) return first.answer;
    }
    await Promise.race([first.answer, Promise.all(asked)]);
    if (first.isHere) return first.answer;
    const names = candidates.map(nameOf).join(', ');
    const reason = first.trouble?.message ?? 'there is none';
    throw new UnavailableError(`No broker answers, of ${names}: ${reason}`, { cause: first.trouble });
  }

  /**
   * Has the leader of a partition answer, on its connection for a purpose. Asks again, whoever leads then,
   * while the answer is an error that passes; other errors are an answer. Rejects with `UnavailableError`
   * when patience ends, with `DamagedError` for a topic made anew, with `KafkaError` when a broker refuses
   * the request as a whole, and with the signal's reason.
   */
  async atLeader<Answer extends { readonly error: KafkaErrorCode }>(
    of: PartitionOf,
    purpose: Purpose,
    ask: (connection: BrokerConnection, leader: Leader) => Promise<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const backoff = new Backoff(this.clock, this.#patienceMs, this.#untilClosedOr(signal));
    for (;;) {
      const reason = await this.#askLeader(of, purpose, ask);
      if (typeof reason !== 'string') return reason;
      await backoff.pause(`Partition ${of.partition} of topic ${of.topic}: ${reason}`);
    }
  }

  /** Ends all connections: what is under way rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new UnavailableError('The client of Kafka was closed.'));
    this.#connections.close();
    await Promise.allSettled([this.#round, this.#next]);
  }

  /** The answer, or why there is none. */
  async #askLeader<Answer extends { readonly error: KafkaErrorCode }>(
    of: PartitionOf,
    purpose: Purpose,
    ask: (connection: BrokerConnection, leader: Leader) => Promise<Answer>,
  ): Promise<Answer | string> {
    let leader: Leader | undefined;
    try {
      leader = await this.leader(of);
      if (leader === undefined) return 'nobody is known to lead it.';
      const asked = this.connection(leader.broker, purpose).then((connection) => ask(connection, leader!));
      const answer = await this.#unlessDeposed(of, leader, asked);
      if (answer === undefined) return `broker ${leader.broker} does not answer, and leads no more.`;
      if (!isPassing(answer.error)) return answer;
      if (isStale(answer.error)) this.doubt(of, leader);
      return `broker ${leader.broker} answers Kafka's error ${answer.error}.`;
    } catch (error) {
      if (error instanceof KafkaConnectionError) this.doubt(of, leader!);
      else if (!isTemporary(error)) throw error;
      return error.message;
    }
  }

  /** Undefined when there is no answer for long, and others say that another broker leads by now. */
  async #unlessDeposed<Answer>(
    of: PartitionOf,
    leader: Leader,
    asked: Promise<Answer>,
  ): Promise<Answer | undefined> {
    while (!(await this.#within(slowMs, asked))) {
      await this.refresh(of.topic).catch(nothing);
      const known = this.knownLeader(of);
      if (known !== undefined && known.epoch > leader.epoch) return undefined;
    }
    return asked;
  }

  /** Whether something settles in time. */
  async #within(ms: Millis, work: Promise<unknown>): Promise<boolean> {
    const over = new AbortController();
    let settled = false;
    const settle = () => {
      settled = true;
    };
    await Promise.race([work.then(settle, settle), this.clock.sleep(ms, over.signal)]);
    // Without a reason, an error would be made for each of them.
    over.abort(null);
    return settled;
  }

  async #refreshAfter(round: Promise<void>): Promise<void> {
    await Promise.allSettled([round]);
    const pause = this.#roundAt + refreshPauseMs - this.clock.monotonic();
    if (pause > 0) await this.clock.sleep(pause, this.#closed.signal);
    this.#roundAt = this.clock.monotonic();
    this.#round = this.#ask([...this.#wanted]);
    this.#wanted.clear();
    this.#next = undefined;
    await this.#round;
  }

  async #ask(topics: readonly string[]): Promise<void> {
    this.#learn(await this.metadata(topics));
  }

  async #refreshEverSoOften(): Promise<void> {
    const { signal } = this.#closed;
    for (;;) {
      await this.clock.sleep(refreshEveryMs, signal);
      if (signal.aborted) return;
      for (const topic of this.#leaders.used()) this.#wanted.add(topic);
      this.#next ??= this.#refreshAfter(this.#round);
      try {
        await this.#next;
      } catch (error) {
        if (!isTemporary(error)) this.#refreshFailed(error);
      }
    }
  }

  #refreshFailed(error: unknown): void {
    if (!this.#closed.signal.aborted) this.#logger.error('brokers could not be asked', { error: `${error}` });
  }

  #learn(metadata: ClusterMetadata): void {
    this.#controller = metadata.controller;
    if (metadata.brokers.length > 0) {
      this.#addresses = new Map(metadata.brokers.map(({ id, host, port }) => [id, { host, port }]));
    }
    this.#leaders.learn(metadata);
  }

  /** All that are known, but for the slow ones from one to the next; then those, and the list. */
  #inTurn(): BrokerAddress[] {
    const all = [...this.#addresses.values()];
    const at = this.#turn++ % Math.max(1, all.length);
    const isSlow = (address: BrokerAddress) => Number(this.#slow.has(nameOf(address)));
    const turned = [...all.slice(at), ...all.slice(0, at)].sort((one, other) => isSlow(one) - isSlow(other));
    const names = new Set(turned.map(nameOf));
    return [...turned, ...this.#bootstrap.filter((address) => !names.has(nameOf(address)))];
  }

  /** Those that are connected and not slow, the others that are known, those of the list; each once. */
  #candidates(): BrokerAddress[] {
    const controller = this.#addresses.get(this.#controller);
    const known = controller === undefined ? [] : [controller];
    const all = new Map(
      [...known, ...this.#addresses.values(), ...this.#bootstrap].map((address) => [
        `${address.host}:${address.port}`,
        address,
      ]),
    );
    const rank = (address: BrokerAddress) =>
      Number(this.#connections.has(address, 'admin')) - 2 * Number(this.#slow.has(nameOf(address)));
    return [...all.values()].sort((one, other) => rank(other) - rank(one));
  }

  #untilClosedOr(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
  }
}

function nothing(): void {}

/** Longer than brokers take for what is asked here, on a busy day. */
const slowMs = 1_000;
const patienceMsDefault = 10_000;
const refreshEveryMs = 5 * 60_000;
/** At least so long between the beginnings of two requests for metadata. */
const refreshPauseMs = 50;
