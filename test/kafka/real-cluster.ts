import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { BrokerCluster } from '../../harness/brokers/broker-cluster.ts';
import { freePorts } from '../../harness/brokers/broker-ports.ts';
import { BrokerRoutes } from '../../harness/brokers/broker-routes.ts';
import type { BrokerPlan } from '../../harness/brokers/broker-settings.ts';
import { findJava, type Java, NoBrokersError } from '../../harness/brokers/jars.ts';
import { addressOf, whenReady } from '../../harness/brokers/ready.ts';
import type { BrokerAddress, BrokerConnection, Kafka, TopicSettings } from '../../src/env/kafka.ts';
import { openPlatformaticKafka } from '../../src/env/platformatic-kafka.ts';
import { Brokers } from '../../torture/kafka/brokers.ts';
import type { KafkaUnderTest } from '../env/kafka/brokers-under-test.ts';
import { type Secured, scramUsers, secured } from './secured-broker.ts';

/** For jars that are not here yet; and for brokers to begin on a machine that others keep busy. */
const resolveSecondsMax = 120;
const readySecondsMax = 300;

/**
 * Three brokers of their own for a test file, on free ports. Answers why there can be none, as a reason to
 * skip. They end with the process.
 */
export async function realCluster(): Promise<RealCluster | string> {
  const java = await javaOrReason();
  if (typeof java === 'string') return java;
  const free = await freePorts(9);
  const [clients, quorum, peers] = [free.slice(0, 3), free.slice(3, 6), free.slice(6)];
  const { settings, more, known } = await secured();
  const ports = clients.map((port, i) => ({
    ...{ clients: port, quorum: quorum[i]!, peers: peers[i]! },
    // Broker 1 has listeners that ask who comes.
    more: i === 0 ? more : [],
  }));
  return await RealCluster.start(java, { ports, extra: { ...keepsAll, ...settings } }, known);
}

/** Records of tests have any time: topics that do not say for how long they keep them keep them. */
const keepsAll = { 'log.retention.ms': '-1' };

/** What starts brokers, or why it cannot be had. */
export async function javaOrReason(): Promise<Java | string> {
  try {
    return await findJava({ secondsMax: resolveSecondsMax, tell: () => {} });
  } catch (error) {
    if (error instanceof NoBrokersError) return error.message;
    throw error;
  }
}

/** Why real brokers cannot run here; `false` when they can. */
export async function whyNoKafka(): Promise<string | false> {
  const java = await javaOrReason();
  return typeof java === 'string' ? java : false;
}

/** Brokers that are ready, and a client. A test that hurts them calls `heal` before it ends. */
export class RealCluster {
  readonly kafka: Kafka;
  /** How broker 1 is reached by those who have to say who they are. */
  readonly secured: Secured;
  readonly #brokers: BrokerCluster;
  readonly #routes: BrokerRoutes;
  readonly #cut = new Set<number>();
  #isHurt = false;
  #topics = 0;

  static async start(java: Java, plan: BrokerPlan, known: Secured): Promise<RealCluster> {
    const options = { java, plan, outlives: false, scramUsers, tell: () => {} };
    const routes = await BrokerRoutes.open(plan.ports);
    const brokers = await BrokerCluster.start(options);
    process.once('exit', () => brokers.destroy());
    await whenReady(brokers, readySecondsMax);
    const kafka = await openPlatformaticKafka({ clientId: 'test', tls: undefined, sasl: undefined });
    return new RealCluster(kafka, brokers, routes, known);
  }

  private constructor(kafka: Kafka, brokers: BrokerCluster, routes: BrokerRoutes, known: Secured) {
    this.secured = known;
    this.kafka = kafka;
    this.#brokers = brokers;
    this.#routes = routes;
  }

  get addresses(): readonly BrokerAddress[] {
    return this.#brokers.status.map(({ address }) => addressOf(address));
  }

  /** `127.0.0.1:1,…`, as `--brokers` takes it. */
  get bootstrap(): string {
    return this.#brokers.bootstrap;
  }

  /** A connection to broker `id`, from 1. */
  connect(id: number): Promise<BrokerConnection> {
    return this.kafka.connect(this.addresses[id - 1]!);
  }

  /** kill -9. */
  kill(id: number): Promise<void> {
    this.#isHurt = true;
    return this.#brokers.kill(id);
  }

  /** kill -STOP: the broker keeps its connections, and thinks afterwards that no time has passed. */
  pause(id: number): void {
    this.#isHurt = true;
    this.#brokers.pause(id);
  }

  resume(id: number): void {
    this.#brokers.resume(id);
  }

  restart(id: number): Promise<void> {
    return this.#brokers.restart(id);
  }

  /** The broker and the others do not hear of each other any more; clients reach all of them. */
  cut(id: number): void {
    this.#isHurt = true;
    this.#cut.add(id);
    this.#routes.cut(id);
  }

  mend(id: number): void {
    this.#cut.delete(id);
    this.#routes.mend(id);
  }

  /** As `npm run torture` has brokers. */
  tortured(): Brokers {
    this.#isHurt = true;
    return new Brokers(this.#brokers, this.#routes!, []);
  }

  /** As the suite of the port takes brokers. */
  get tested(): KafkaUnderTest {
    return {
      kafka: this.kafka,
      addresses: this.addresses,
      faults: {
        kill: (id) => this.kill(id),
        start: (id) => this.restart(id),
        pause: (id) => this.pause(id),
        resume: (id) => this.resume(id),
      },
      play: (work) => work(),
      sleep: (ms) => pause(ms),
      heal: () => this.heal(),
    };
  }

  /** Starts what was killed, lets go on what was paused, mends what was cut: resolves when all is well. */
  async heal(): Promise<void> {
    if (!this.#isHurt) return;
    for (const id of this.#cut) this.mend(id);
    for (const { id, state } of this.#brokers.status) {
      if (state === 'killed') await this.#brokers.restart(id);
      if (state === 'paused') this.#brokers.resume(id);
    }
    await whenReady(this.#brokers, readySecondsMax);
    this.#isHurt = false;
  }

  /** Makes a topic as Millrace does, with a replica at each broker, and resolves when all partitions lead. */
  async makeTopic(partitions = 1, settings: TopicSettings = {}): Promise<string> {
    this.#topics += 1;
    const topic = `topic-${this.#topics}`;
    const replication = this.addresses.length;
    const connection = await this.connect(1);
    const durable = { 'min.insync.replicas': String(Math.min(2, replication)) };
    const all = { ...durable, 'message.timestamp.type': 'LogAppendTime', ...settings };
    assert.equal(await connection.createTopic({ topic, partitions, replication, settings: all }), 0);
    connection.close();
    for (let partition = 0; partition < partitions; partition += 1) await this.leaderOf(topic, partition);
    return topic;
  }

  /** The broker of `among` that leads a partition and says so itself, as soon as there is one. */
  async leaderOf(topic: string, partition: number, among = this.#brokers.ids): Promise<number> {
    for (;;) {
      for (const id of among) if (await this.#leads(id, topic, partition)) return id;
      await pause(20);
    }
  }

  destroy(): void {
    this.#brokers.destroy();
    this.#routes.close();
  }

  async #leads(id: number, topic: string, partition: number): Promise<boolean> {
    const { state } = this.#brokers.status[id - 1]!;
    if (state !== 'running') return false;
    try {
      const connection = await this.connect(id);
      const { topics } = await connection.metadata([topic]);
      const said = topics[0]?.partitions.find((each) => each.partition === partition);
      const [offset] =
        said?.leader === id ? await connection.listOffsets([{ topic, partition, time: 'latest' }]) : [];
      connection.close();
      return offset?.error === 0;
    } catch {
      // A broker that starts, or is about to end: it is asked again.
      return false;
    }
  }
}
