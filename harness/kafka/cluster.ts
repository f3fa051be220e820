import type { Millis } from '../../src/env/clock.ts';
import type { BrokerAddress, PartitionOf } from '../../src/env/kafka.ts';
import type { SeededRandom } from '../random.ts';
import { Backplane, type InnerCut } from './backplane.ts';
import { Broker } from './broker.ts';
import { Controller } from './controller.ts';
import type { Strike } from './fake-connection.ts';
import { FakeKafka } from './fake-kafka.ts';
import { Life } from './life.ts';
import type { Placement } from './placement.ts';
import type { Timeline } from './timeline.ts';
import { brisk, calm, type Patience, type Weather } from './weather.ts';

export type ClusterOptions = {
  readonly timeline: Timeline;
  /** The right wall clock. */
  readonly wall: { now(): Millis };
  readonly random: SeededRandom;
  /** A broker in each. */
  readonly racks?: readonly string[];
  readonly patience?: Partial<Patience>;
  /** Hears of what happens to brokers, in a few words. */
  readonly trace?: (text: string) => void;
};

/** What a broker is cut off from. */
export type Cut = InnerCut | 'clients';

/**
 * A cluster of brokers that behave as Apache Kafka 4 does in KRaft mode with eligible leader replicas, and of
 * which everything that is left to chance, or to time, is an argument. All brokers run at first. Nothing
 * happens in it by itself: a cluster that nobody uses, and nothing befalls, is at rest.
 */
export class FakeCluster {
  /** As Kafka's cluster id. */
  readonly id: string;
  /** By their ids, which count from 1. */
  readonly brokers: readonly Broker[];
  readonly patience: Patience;
  /** May be changed at any time. */
  readonly weather: { -readonly [name in keyof Weather]: Weather[name] } = { ...calm };
  readonly #timeline: Timeline;
  readonly #random: SeededRandom;
  readonly #trace: (text: string) => void;
  readonly #controller: Controller;
  readonly #backplane: Backplane;
  readonly #gates: ReadonlyMap<number, Life>;
  readonly #clients = new Set<FakeKafka>();
  readonly #closing = new AbortController();
  #sessions = 0;
  /** Appends by topic. */
  readonly #appends = new Map<string, number>();

  constructor({
    timeline,
    wall,
    random,
    racks = ['az1', 'az2', 'az3'],
    patience = {},
    trace = () => {},
  }: ClusterOptions) {
    this.#timeline = until(timeline, this.#closing.signal);
    this.#random = random;
    this.#trace = trace;
    this.patience = { ...brisk, ...patience };
    this.id = random.bytes(16).toString('base64url');
    this.#controller = new Controller(random.fork(), () => this.#backplane?.publish());
    const surroundings = {
      timeline: this.#timeline,
      random: random.fork(),
      patience: this.patience,
      weather: this.weather,
      controller: this.#controller,
      clusterId: this.id,
      addressOf,
      now: () => wall.now(),
      newSession: () => ++this.#sessions,
      post: (from: Broker, to: number, say: (other: Broker) => void) => this.#backplane.post(from, to, say),
      ask: <T>(from: Broker, decide: () => T, answered: (answer: T) => void) =>
        this.#backplane.ask(from, decide, answered),
      diskFailed: (broker: Broker) => this.#diskFailed(broker),
      appended: (topic: string) => this.#appends.set(topic, (this.#appends.get(topic) ?? 0) + 1),
    };
    this.brokers = racks.map((rack, index) => new Broker(index + 1, rack, surroundings));
    this.#gates = new Map(this.brokers.map(({ id }) => [id, new Life()]));
    this.#backplane = new Backplane({ ...surroundings, brokers: this.brokers, trace });
  }

  get addresses(): readonly BrokerAddress[] {
    return this.brokers.map(({ id }) => addressOf(id));
  }

  /** The broker that speaks for the controllers; undefined while there is none. */
  get controller(): number | undefined {
    return this.#backplane.active;
  }

  /** All brokers run, and every replica of every partition is in sync. */
  get isWhole(): boolean {
    const { topics } = this.#controller.image;
    return (
      this.brokers.every(({ life, isReady }) => isReady && !life.isPaused) &&
      [...topics.values()].every(({ placements }) =>
        placements.every(({ leader, replicas, inSync }) => leader >= 0 && inSync.length === replicas.length),
      )
    );
  }

  /** How often leaders have appended to topics that count, and controllers decided, so far. */
  written(counts: (topic: string) => boolean): number {
    const appends = [...this.#appends].filter(([topic]) => counts(topic));
    return appends.reduce((sum, [, count]) => sum + count, this.#controller.records.length);
  }

  /** Who has and leads a partition, by the word of the controllers. */
  placementOf({ topic, partition }: PartitionOf): Placement | undefined {
    return this.#controller.image.placementOf(topic, partition);
  }

  broker(id: number): Broker {
    return this.brokers[id - 1]!;
  }

  /** The port for a client. `timeline` is the client's: nothing happens in it once the client is no more. */
  client(timeline: Timeline = this.#timeline): FakeKafka {
    const client = new FakeKafka(this, until(timeline, this.#closing.signal), this.#random.fork());
    this.#clients.add(client);
    return client;
  }

  /** A client is no more. */
  dismiss(client: FakeKafka): void {
    client.end();
    this.#clients.delete(client);
  }

  /** The broker at an address, if it takes connections. */
  at({ host, port }: BrokerAddress): Broker | undefined {
    const broker = this.brokers.find(({ id }) => addressOf(id).host === host && addressOf(id).port === port);
    return broker?.isReady ? broker : undefined;
  }

  /** What goes between clients and a broker waits while they are cut off from each other. */
  gateOf({ id }: Broker): Life {
    return this.#gates.get(id)!;
  }

  /** Ends a broker at once, as `kill -9` does. What it wrote, the machine still has. */
  kill(id: number): void {
    this.#end(id, 'is killed', { cutsPower: false, inPeace: false });
  }

  /** Ends a broker and its machine. What the disk did not have for sure may be lost. */
  cutPower(id: number): void {
    this.#end(id, 'loses power', { cutsPower: true, inPeace: false });
  }

  /** Ends a broker as it should be: others lead what it led. */
  stop(id: number): void {
    this.#end(id, 'stops', { cutsPower: false, inPeace: true });
  }

  /** Starts a broker again. It takes clients once the controllers know it. Nothing for one that runs. */
  start(id: number): void {
    const broker = this.broker(id);
    if (!broker.life.isOver) return;
    this.#trace(`broker ${id} starts`);
    broker.begin();
    this.#backplane.begun(id);
  }

  /** A broker does nothing any more, and does not know it: `kill -STOP`. */
  pause(id: number): void {
    this.#trace(`broker ${id} is paused`);
    this.broker(id).life.pause();
    this.#backplane.paused(id);
  }

  /** It goes on with what has reached it meanwhile. */
  resume(id: number): void {
    this.#trace(`broker ${id} goes on`);
    this.broker(id).life.resume();
    this.#backplane.paused(id);
  }

  cutOff(id: number, from: Cut): void {
    this.#trace(`broker ${id} is cut off from ${from}`);
    if (from === 'clients') this.#gates.get(id)!.pause();
    else this.#backplane.cut(id, from);
  }

  reconnect(id: number, to: Cut): void {
    this.#trace(`broker ${id} is connected to ${to} again`);
    if (to === 'clients') this.#gates.get(id)!.resume();
    else this.#backplane.mend(id, to);
  }

  /** Leaves room for so many more bytes on a broker's disk. What does not fit ends the broker. */
  fillDisk(id: number, roomBytes: number): void {
    this.broker(id).diskRoomBytes = roomBytes;
  }

  /** Sets a broker's wall clock forward, or back when `by` is negative. */
  jumpClock(id: number, by: Millis): void {
    this.#trace(`the clock of broker ${id} jumps by ${by} ms`);
    this.broker(id).skewMs += by;
  }

  /** The first replicas lead again where they are in sync, as Kafka sees to it every five minutes. */
  balance(): void {
    this.#controller.balance();
  }

  /**
   * Ends the connection of the next request of a kind, before a broker sees it or after it was carried out.
   */
  strike(id: number, strike: Strike): void {
    this.broker(id).strikes.push(strike);
  }

  /** All brokers forget a producer, as they do after a day without a batch of it. */
  expireProducer(producer: bigint): void {
    for (const { replicas } of this.brokers) for (const { log } of replicas) log.producers.forget(producer);
  }

  /** A broker forgets a fetch session, as it does when others need its place. */
  evictSession(id: number, session: number): void {
    this.broker(id).sessions.evict(session);
  }

  /** Makes everything whole: the weather, connections, disks; and starts what does not run. */
  heal(): void {
    Object.assign(this.weather, calm);
    for (const broker of this.brokers) {
      const { id } = broker;
      this.fillDisk(id, Number.POSITIVE_INFINITY);
      if (broker.life.isPaused) this.resume(id);
      if (broker.isFailing) this.#halt(broker);
      for (const cut of ['peers', 'controller', 'clients'] as const) this.reconnect(id, cut);
      this.start(id);
    }
  }

  /** Ends everything: connections are over, and nothing waits for time any more. */
  close(): void {
    for (const client of this.#clients) client.end();
    this.#closing.abort();
  }

  #end(
    id: number,
    how: string,
    { cutsPower, inPeace }: { readonly cutsPower: boolean; readonly inPeace: boolean },
  ): void {
    const broker = this.broker(id);
    if (broker.life.isOver) return;
    this.#trace(`broker ${id} ${how}`);
    broker.end(cutsPower, inPeace);
    this.#backplane.ended(id, inPeace);
    for (const client of this.#clients) client.ended(broker);
  }

  /** A broker whose only directory has failed says so, and ends (Kafka's LogDirFailureHandler). */
  #diskFailed(broker: Broker): void {
    this.#trace(`the disk of broker ${broker.id} fails`);
    this.#backplane.diskFailed(broker);
    broker.after(haltMs, () => this.#halt(broker));
  }

  #halt({ id }: Broker): void {
    this.#end(id, 'halts', { cutsPower: false, inPeace: false });
  }
}

/** From the failure of a disk to the end of its broker. Kafka says nothing of how long; it is not at once. */
const haltMs = 50;

/** A timeline in which nothing happens after the signal. */
function until(timeline: Timeline, signal: AbortSignal): Timeline {
  return {
    get time() {
      return timeline.time;
    },
    after(delay, action, ...own) {
      const act = () => {
        if (!signal.aborted && !own.some(({ aborted }) => aborted)) action();
      };
      timeline.after(delay, act, signal, ...own);
    },
  };
}

/** An address of the range for documentation (RFC 5737), which leads nowhere. */
function addressOf(broker: number): BrokerAddress {
  return { host: `192.0.2.${broker}`, port: 9092 };
}
