import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { BrokerCluster } from '../../harness/brokers/broker-cluster.ts';
import { freePorts } from '../../harness/brokers/broker-ports.ts';
import { findJava } from '../../harness/brokers/jars.ts';
import { addressOf, whenReady } from '../../harness/brokers/ready.ts';
import type { BrokerAddress, BrokerConnection, Kafka } from '../../src/env/kafka.ts';
import { openPlatformaticKafka } from '../../src/env/platformatic-kafka.ts';
import { treeCpuSeconds } from '../process-tree.ts';
import type { RawOrder, RawOutcome } from '../servers/raw-produce.ts';
import type { Workshop } from '../workshop.ts';
import { topicsWith } from './library.ts';

/**
 * Three Kafka brokers with the settings of `npm run kafka`, warmed up. They are not kept to one processor, as
 * server and generator are.
 */
export class KafkaBrokers {
  readonly #workshop: Workshop;
  readonly #cluster: BrokerCluster;
  readonly #kafka: Kafka;
  #names = 0;

  /** Rejects with `NoBrokersError` where there is no Java or Maven. */
  static async start(workshop: Workshop): Promise<KafkaBrokers> {
    const java = await findJava({ secondsMax: 600, tell: console.log });
    const ports = await freePorts(6);
    const plan = {
      ports: [0, 2, 4].map((first) => ({ clients: ports[first]!, quorum: ports[first + 1]! })),
      extra: {},
    };
    const cluster = await BrokerCluster.start({
      ...{ java, plan, outlives: false, scramUsers: [] },
      tell: console.log,
    });
    workshop.atEnd(() => cluster.destroy());
    for (const { pid } of cluster.status) unpin(pid);
    await whenReady(cluster, 300);
    const kafka = await openPlatformaticKafka({ clientId: 'bench', tls: undefined, sasl: undefined });
    const brokers = new KafkaBrokers(workshop, cluster, kafka);
    await brokers.#warm();
    return brokers;
  }

  private constructor(workshop: Workshop, cluster: BrokerCluster, kafka: Kafka) {
    this.#workshop = workshop;
    this.#cluster = cluster;
    this.#kafka = kafka;
  }

  /** As `--brokers` takes it. */
  get bootstrap(): string {
    return this.#cluster.bootstrap;
  }

  /** That all brokers have used, those that were killed included until then. */
  cpuSeconds(): number {
    return this.#cluster.status.reduce((sum, { pid }) => sum + treeCpuSeconds(pid), 0);
  }

  /** kill -9. */
  kill(id: number): Promise<void> {
    return this.#cluster.kill(id);
  }

  /** Starts a broker that was killed, and resolves when all replicas are in sync again. */
  async restart(id: number): Promise<void> {
    await this.#cluster.restart(id);
    unpin(this.#cluster.status[id - 1]!.pid);
    await whenReady(this.#cluster, 300);
  }

  /** A name for gateways that belong together, and their root key. */
  newCluster(): GatewayCluster {
    this.#names += 1;
    const directory = this.#workshop.directory();
    const rootKey = join(directory, 'root-key');
    writeFileSync(rootKey, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    return new GatewayCluster(this, `bench-${this.#names}`, rootKey);
  }

  /** What the library does by itself, to a topic of so many partitions that is made for it. */
  async produce(
    partitions: number,
    order: Omit<RawOrder, 'bootstrap' | 'topic' | 'partitions'>,
  ): Promise<RawOutcome> {
    this.#names += 1;
    const topic = `raw-${this.#names}`;
    const settings = { 'min.insync.replicas': '2', 'message.timestamp.type': 'LogAppendTime' };
    await this.ask((connection) => connection.createTopic({ topic, partitions, replication: 3, settings }));
    const script = join(import.meta.dirname, '..', 'servers', 'raw-produce.ts');
    const full: RawOrder = { ...order, topic, partitions, bootstrap: this.bootstrap };
    const outcome = await this.#workshop.ask<RawOutcome>('server', script, [JSON.stringify(full)]);
    await this.deleteTopics(topic);
    return outcome;
  }

  async deleteTopics(prefix: string): Promise<void> {
    for (const topic of await topicsWith(this.bootstrap, prefix)) {
      await this.ask((connection) => connection.deleteTopic(topic));
    }
  }

  async ask<Answer>(work: (connection: BrokerConnection) => Promise<Answer>): Promise<Answer> {
    const { address } = this.#cluster.status.find(({ state }) => state === 'running')!;
    return await this.askAt(addressOf(address), work);
  }

  async askAt<Answer>(
    address: BrokerAddress,
    work: (connection: BrokerConnection) => Promise<Answer>,
  ): Promise<Answer> {
    const connection = await this.#kafka.connect(address);
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  }

  /** A virtual machine interprets its code first and compiles what is hot: large requests, and many small. */
  async #warm(): Promise<void> {
    console.log(`the brokers are warmed up for ${2 * warmSeconds} s`);
    const order = { inFlight: 8, recordBytes: 1024, warmSeconds: 0, seconds: warmSeconds };
    await this.produce(4, { ...order, recordsPerRequest: 500 });
    await this.produce(4, { ...order, recordsPerRequest: 1 });
  }
}

/** Gateways of one name. Its topics go with it. */
export class GatewayCluster {
  readonly brokers: KafkaBrokers;
  readonly name: string;
  /** A file's path. */
  readonly rootKey: string;

  constructor(brokers: KafkaBrokers, name: string, rootKey: string) {
    this.brokers = brokers;
    this.name = name;
    this.rootKey = rootKey;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.brokers.deleteTopics(`millrace.${this.name}.`);
  }
}

const warmSeconds = 10;

/** A broker may run on any processor, unlike the process that has started it. */
function unpin(pid: number): void {
  const all = `0-${availableParallelism() - 1}`;
  try {
    execFileSync('taskset', ['-a', '-c', '-p', all, String(pid)], { stdio: 'ignore' });
  } catch {
    // Without taskset nothing was kept to one.
  }
}
