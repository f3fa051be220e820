import { type Cluster, clusterKey, openCluster } from '../../src/cluster/cluster.ts';
import { clusterMachine } from '../../src/cluster/cluster-machine.ts';
import type { ClusterState } from '../../src/cluster/cluster-state.ts';
import type { ClusterEdit } from '../../src/cluster/edit.ts';
import type { Clock, Millis } from '../../src/env/clock.ts';
import type { PartitionOf } from '../../src/env/kafka.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { type FollowedJournal, openJournal } from '../../src/journal/journal.ts';
import { journalIn } from '../../src/journal/journal-log.ts';
import type { KafkaClient } from '../../src/log/kafka/client.ts';
import { type Engine, UnavailableError } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { MemoryClient, MemoryKafka } from '../log/kafka/memory-client.ts';
import { TestRandom } from '../log/world.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

/** A step of a gateway that others can see: it may take as long as it likes, and may fail. */
export type Step = (what: string) => Promise<void>;

export type GatewayOptions = {
  readonly address?: string;
  /** How much faster than the others its clock runs. */
  readonly rate?: number;
  /** Before and after everything that it asks of others. */
  readonly step?: Step;
};

/** Brokers in memory, and gateways of one cluster over them. */
export class Gateways {
  readonly clock = new ManualClock();
  readonly kafka = new MemoryKafka(this.clock);
  readonly control: Engine = openMemoryLog(this.clock);
  readonly failures: unknown[] = [];
  /** Whether too few replicas of the journal are in sync. */
  isControlDown = false;
  #count = 0;

  async open(options: GatewayOptions = {}): Promise<Gateway> {
    this.#count += 1;
    const gateway = new Gateway(this, this.#count, options);
    await gateway.open();
    return gateway;
  }

  /** The journal, as somebody reads it who is no gateway. */
  journal(): Promise<FollowedJournal<ClusterState, ClusterEdit>> {
    const writer = { writer: 'reader' };
    return openJournal(clusterMachine, { ...journalIn(this.control, clusterKey), ...writer });
  }

  async state(): Promise<ClusterState> {
    return (await this.journal()).state;
  }

  async journalBytes(): Promise<number> {
    const { end } = await this.control.position(clusterKey);
    let bytes = 0;
    for (let from = 0; from < end; ) {
      const limit = { records: 1_000, bytes: 1 << 20 };
      const { batches } = await this.control.read(clusterKey, {
        from,
        since: Number.NEGATIVE_INFINITY,
        limit,
      });
      for (const batch of batches) bytes += batch.bytes.length;
      from = batches.at(-1)!.first + batches.at(-1)!.count;
    }
    return bytes;
  }
}

/** One of them, which can be cut off from the others, and can crash. */
export class Gateway {
  readonly clock: SkewedClock;
  readonly client: KafkaClient;
  /** Whether it reaches nobody. */
  isCutOff = false;
  readonly #world: Gateways;
  readonly #number: number;
  readonly #options: GatewayOptions;
  #cluster: Cluster | undefined;

  constructor(world: Gateways, number: number, options: GatewayOptions) {
    this.#world = world;
    this.#number = number;
    this.#options = options;
    this.clock = new SkewedClock(world.clock, options.rate ?? 1);
    this.client = steppedClient(new MemoryClient(world.kafka), (what) => this.#step(what));
  }

  get cluster(): Cluster {
    return this.#cluster!;
  }

  async open(): Promise<void> {
    const { kafka: _, clock: __, ...world } = this.#world;
    this.#cluster = await openCluster({
      log: this.#log(),
      client: this.client,
      clock: this.clock,
      random: new TestRandom(this.#number),
      logger: silentLogger,
      name: 'test',
      self: { address: this.#options.address ?? `gateway-${this.#number}:1`, rack: `rack-${this.#number}` },
      failed: (error) => world.failures.push(error),
    });
  }

  /** It stands still for good, in the middle of whatever it does. */
  crash(): void {
    this.clock.stop();
    this.isCutOff = true;
  }

  async #step(what: string): Promise<void> {
    await this.#options.step?.(what);
    if (this.isCutOff) throw new UnavailableError('cut off');
    const isControl = what.startsWith('control');
    if (isControl && this.#world.isControlDown) throw new UnavailableError('too few replicas are in sync');
  }

  /** The engine of control logs, as this gateway sees it. */
  #log(): Engine {
    const { control } = this.#world;
    const step = (what: string) => this.#step(`control ${what}`);
    return {
      writer: `writer-${this.#number}`,
      append: async (key, batch) => {
        await step('append');
        const appended = await control.append(key, batch);
        await step('appended');
        return appended;
      },
      read: async (key, request) => {
        await step('read');
        const slice = await control.read(key, request);
        await step('was read');
        return slice;
      },
      seek: (key, time) => control.seek(key, time),
      position: (key) => control.position(key),
      grown: (key, past, signal) => control.grown(key, past, signal),
      prepare: (stream, needs) => control.prepare(stream, needs),
      seal: (key) => control.seal(key),
      trim: (key, before) => control.trim(key, before),
      drop: (stream) => control.drop(stream),
      close: async () => {},
    };
  }
}

/** A client whose calls take their steps. */
function steppedClient(client: MemoryClient, step: Step): KafkaClient {
  const stepped =
    <Arguments extends unknown[], Answer>(what: string, call: (...given: Arguments) => Promise<Answer>) =>
    async (...given: Arguments): Promise<Answer> => {
      await step(what);
      const answer = await call(...given);
      await step(`${what}, answered`);
      return answer;
    };
  return {
    time: client.time,
    append: stepped('append', (to: PartitionOf, batch) => client.append(to, batch)),
    read: stepped('read', (of: PartitionOf, from, limit) => client.read(of, from, limit)),
    bounds: stepped('bounds', (of: PartitionOf) => client.bounds(of)),
    seek: stepped('seek', (of: PartitionOf, time) => client.seek(of, time)),
    grown: (of, past, signal) => client.grown(of, past, signal),
    trim: stepped('trim', (of: PartitionOf, before) => client.trim(of, before)),
    ensureTopic: stepped('ensureTopic', (topic) => client.ensureTopic(topic)),
    deleteTopic: stepped('deleteTopic', (topic: string) => client.deleteTopic(topic)),
    alterTopic: stepped('alterTopic', (topic: string, settings) => client.alterTopic(topic, settings)),
    describeTopic: stepped('describeTopic', (topic: string) => client.describeTopic(topic)),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** A clock that runs faster, or slower, than the one that a test turns. It stops when its gateway does. */
class SkewedClock implements Clock {
  readonly #clock: ManualClock;
  readonly #rate: number;
  #isStopped = false;
  #jumped: Millis = 0;

  constructor(clock: ManualClock, rate: number) {
    this.#clock = clock;
    this.#rate = rate;
  }

  now(): Millis {
    return Math.floor(this.#clock.now() * this.#rate) + this.#jumped;
  }

  monotonic(): Millis {
    return this.#clock.monotonic() * this.#rate;
  }

  turn(): Promise<void> {
    return this.#clock.turn();
  }

  async sleep(delay: Millis, signal?: AbortSignal): Promise<void> {
    await this.#clock.sleep(delay / this.#rate, signal);
    if (this.#isStopped) await new Promise(() => {});
  }

  stop(): void {
    this.#isStopped = true;
  }

  jump(by: Millis): void {
    this.#jumped += by;
  }
}
