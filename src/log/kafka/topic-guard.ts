import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Logger } from '../../env/logger.ts';
import { StartError } from '../../env/start-error.ts';
import { limits } from '../../kinesis/limits.ts';
import { UnavailableError, WeakTopicError } from '../log.ts';
import type { KafkaClient, TopicDescription } from './client.ts';
import { controlRecordBytesMax } from './control-topic.ts';

/** A topic that must keep what was acknowledged. */
export type TopicDemand = {
  readonly topic: string;
  /** Nothing of a `control` topic may go by itself; a `stream`'s records must stay so long at least. */
  readonly kind: 'control' | 'stream';
  readonly retention?: Millis;
  /** Its UUID, where it is known from before. */
  readonly id?: string | undefined;
};

export type GuardRules = {
  /** How many replicas a topic must have: 3, unless the operator says that fewer will do. */
  readonly replicationMin: number;
};

/**
 * Looks at the topics that promises rest on when they are first used, and every hour from then on: somebody
 * may have altered them, or made them anew.
 */
export class TopicGuard implements AsyncDisposable {
  readonly #client: Pick<KafkaClient, 'describeTopic'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #rules: GuardRules;
  readonly #demands = new Map<string, TopicDemand>();
  /** What is wrong with a topic, by the latest look at it. */
  readonly #weak = new Map<string, string>();
  readonly #closed = new AbortController();
  readonly #rounds: Promise<void>;

  constructor(
    world: {
      readonly client: Pick<KafkaClient, 'describeTopic'>;
      readonly clock: Clock;
      readonly logger: Logger;
    },
    rules: GuardRules,
  ) {
    this.#client = world.client;
    this.#clock = world.clock;
    this.#logger = world.logger;
    this.#rules = rules;
    this.#rounds = this.#lookAgain();
    detached(this.#rounds, unthinkable);
  }

  /**
   * Looks at a topic, and again every hour. Rejects with a `StartError` of one line when it is too weak, and
   * with `UnavailableError` when no broker says what it is.
   */
  async watch(demand: TopicDemand): Promise<void> {
    const found = await this.#described(demand.topic);
    const weakness = weaknessOf(found, demand, this.#rules);
    if (weakness !== undefined) throw new StartError(weakness);
    this.#demands.set(demand.topic, { ...demand, id: found!.id });
  }

  /** The same without waiting: what is wrong with the topic is noted, as it is when it is found out later. */
  include(demand: TopicDemand): void {
    if (this.#demands.has(demand.topic)) return;
    this.#demands.set(demand.topic, demand);
    detached(this.#lookAt(demand), (error) => this.#notSeen(error));
  }

  /** Looks at a topic no more. */
  forget(topic: string): void {
    this.#demands.delete(topic);
    this.#weak.delete(topic);
  }

  get isAnyWeak(): boolean {
    return this.#weak.size > 0;
  }

  /** Throws `WeakTopicError` while a topic is too weak, by the latest look at it. */
  requireSound(topic: string): void {
    const weakness = this.#weak.size === 0 ? undefined : this.#weak.get(topic);
    if (weakness !== undefined) throw new WeakTopicError(weakness);
  }

  /** Looks at all of them now. Rejects with `UnavailableError`. */
  async look(): Promise<void> {
    for (const demand of [...this.#demands.values()]) await this.#lookAt(demand);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await this.#rounds;
  }

  async #lookAgain(): Promise<void> {
    const { signal } = this.#closed;
    for (;;) {
      await this.#clock.sleep(this.#weak.size > 0 ? lookAtWeakMs : lookMs, signal);
      if (signal.aborted) return;
      try {
        await this.look();
      } catch (error) {
        if (signal.aborted) return;
        this.#notSeen(error);
      }
    }
  }

  /** The topic of a stream goes with it. */
  async #lookAt(demand: TopicDemand): Promise<void> {
    const { topic, kind } = demand;
    const found = await this.#described(topic);
    if (!this.#demands.has(topic)) return;
    if (found === undefined && kind === 'stream') return this.forget(topic);
    if (demand.id === undefined && found !== undefined) this.#demands.set(topic, { ...demand, id: found.id });
    this.#note(topic, weaknessOf(found, demand, this.#rules));
  }

  #notSeen(error: unknown): void {
    if (this.#closed.signal.aborted) return;
    if (!(error instanceof UnavailableError)) throw error;
    this.#logger.warn('the settings of topics could not be looked at', { error: error.message });
  }

  /** A broker may not have heard of a topic yet: it is gone when none has for a while. */
  async #described(topic: string): Promise<TopicDescription | undefined> {
    for (let attempt = 1; ; attempt++) {
      const found = await this.#client.describeTopic(topic);
      if (found !== undefined || attempt === attemptsMax || this.#closed.signal.aborted) return found;
      await this.#clock.sleep(askAgainMs, this.#closed.signal);
    }
  }

  #note(topic: string, weakness: string | undefined): void {
    const before = this.#weak.get(topic);
    if (weakness === undefined) {
      this.#weak.delete(topic);
      if (before !== undefined) this.#logger.info('a topic is as it has to be again', { topic });
      return;
    }
    this.#weak.set(topic, weakness);
    if (weakness !== before)
      this.#logger.error('nothing is written to a topic that is too weak', { weakness });
  }
}

/** Often enough to be noticed before more goes wrong; a topic that is too weak holds up writers. */
const lookMs: Millis = 3_600_000;
const lookAtWeakMs: Millis = 60_000;

const attemptsMax = 20;
const askAgainMs: Millis = 250;

/** What is wrong with a topic, in one line that says what is wanted; undefined when it keeps what it must. */
export function weaknessOf(
  found: TopicDescription | undefined,
  demand: TopicDemand,
  rules: GuardRules,
): string | undefined {
  const { topic } = demand;
  if (found === undefined) return `the topic ${topic} is gone`;
  if (demand.id !== undefined && demand.id !== found.id) {
    return `the topic ${topic} was made anew: its id is ${found.id}, and ${demand.id} is wanted`;
  }
  for (const [setting, value, isMet, wanted] of requirements(found, demand, rules)) {
    if (!isMet) return `the topic ${topic} has ${setting} ${value}, and ${wanted} is wanted`;
  }
  return undefined;
}

/** No stream keeps its records for less. */
const retentionMsMin: Millis = limits.retentionHoursMin * 3_600_000;

type Requirement = readonly [setting: string, value: string, isMet: boolean, wanted: string];

/** As Kafka's "Topic Configs" has them. */
function requirements(
  { partitions, replication, settings }: TopicDescription,
  { kind, retention = kind === 'control' ? Number.POSITIVE_INFINITY : retentionMsMin }: TopicDemand,
  { replicationMin }: GuardRules,
): Requirement[] {
  const of = (name: string) => settings[name] ?? '(none)';
  const exactly = (name: string, wanted: string): Requirement => [
    name,
    of(name),
    of(name) === wanted,
    wanted,
  ];
  const atLeast = (name: string, wanted: number): Requirement => {
    const isMet = Number(of(name)) >= wanted;
    return [name, of(name), isMet, `${wanted} or more`];
  };
  const inSync = Math.min(2, replicationMin);
  const keeps = of('retention.ms') === '-1' || Number(of('retention.ms')) >= retention;
  const kept = retention === Number.POSITIVE_INFINITY ? '-1' : `-1, or ${retention} or more,`;
  const counted: Requirement[] =
    kind === 'control' ? [['partitions', String(partitions), partitions === 1, '1']] : [];
  return [
    ['replicas', String(replication), replication >= replicationMin, `${replicationMin} or more`],
    ...counted,
    atLeast('min.insync.replicas', inSync),
    exactly('unclean.leader.election.enable', 'false'),
    exactly('cleanup.policy', 'delete'),
    // What brokers compress cannot all be read.
    exactly('compression.type', 'uncompressed'),
    ['retention.ms', of('retention.ms'), keeps, kept],
    exactly('retention.bytes', '-1'),
    exactly('message.timestamp.type', 'LogAppendTime'),
    atLeast('max.message.bytes', controlRecordBytesMax),
  ];
}
