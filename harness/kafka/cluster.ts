import type { Millis } from '../../src/env/clock.ts';
import type { BrokerAddress, PartitionOf } from '../../src/env/kafka.ts';
import type { SeededRandom } from '../random.ts';
import { Broker, type BrokerSurroundings } from './broker.ts';
import { Controller } from './controller.ts';
import { FakeKafka } from './fake-kafka.ts';
import { Life } from './life.ts';
import type { Placement } from './placement.ts';
import { Quorum } from './quorum.ts';
import type { Timeline } from './timeline.ts';
import { brisk, calm, type Patience, type Weather } from './weather.ts';
import { Wire } from './wire.ts';

export type ClusterOptions = {
  readonly timeline: Timeline;
  /** The right wall clock. */
  readonly wall: { now(): Millis };
  readonly random: SeededRandom;
  /** A broker in each. */
  readonly racks?: readonly string[];
  readonly patience?: Partial<Patience>;
  /** Hears of what happens to brokers and partitions, in a few words. */
  readonly trace?: (text: string) => void;
};

/** What a broker is cut off from. */
export type Cut = 'peers' | 'controller' | 'clients';

type Post = {
  readonly broker: Broker;
  readonly wires: Map<number, Wire>;
  readonly clients: Life;
  heardAt: number;
};

/**
 * A cluster of brokers that behave as Apache Kafka 4 does in KRaft mode with eligible leader replicas, and of
 * which everything that is left to chance, or to time, is an argument. All brokers run at first. Nothing of it
 * happens by itself: a cluster that nobody uses is at rest.
 */
export class FakeCluster {
  readonly brokers: readonly Broker[];
  readonly weather: Weather = { ...calm };
  readonly #options: ClusterOptions;
  readonly #random: SeededRandom;
  readonly #patience: Patience;
  readonly #controller: Controller;
  readonly #quorum: Quorum;
  readonly #posts = new Map<number, Post>();
  readonly #cuts = new Map<number, Set<Cut>>();
  readonly #clients = new Set<FakeKafka>();
  readonly #unanswered = new Set<() => void>();
  readonly #publishing = new Set<Broker>();
  readonly #closing = new AbortController();
  readonly #timeline: Timeline;
  readonly id: string;
  #sessions = 0;

  constructor(options: ClusterOptions) {
    const { timeline, random, racks = ['az1', 'az2', 'az3'], patience = {} } = options;
    const { signal } = this.#closing;
    const after: Timeline['after'] = (delay, action, own) =>
      timeline.after(delay, action, own === undefined ? signal : AbortSignal.any([signal, own]));
    this.#timeline = {
      get time() {
        return timeline.time;
      },
      after,
    };
    this.#options = options;
    this.#random = random;
    this.#patience = { ...brisk, ...patience };
    this.id = random.bytes(16).toString('base64url');
    this.#controller = new Controller(random.fork(), () => this.#publishAll());
    const surroundings = this.#surroundings();
    this.brokers = racks.map((rack, index) => new Broker(index + 1, rack, surroundings));
    const ids = this.brokers.map(({ id }) => id);
    const quorum = { timeline: this.#timeline, patience: this.#patience, signal };
    this.#quorum = new Quorum(ids, random.fork(), quorum, () => this.#heal());
    for (const broker of this.brokers) {
      this.#posts.set(broker.id, { broker, wires: new Map(), clients: new Life(), heardAt: 0 });
      this.#cuts.set(broker.id, new Set());
      broker.epoch = this.#controller.register(broker.id, broker.rack, true);
    }
    for (const { id } of this.brokers) this.#controller.unfence(id);
    for (const broker of this.brokers) {
      broker.learn(this.#controller.records);
      broker.isReady = true;
    }
  }

  get addresses(): readonly BrokerAddress[] {
    return this.brokers.map(({ id }) => addressOf(id));
  }

  get patience(): Patience {
    return this.#patience;
  }

  /** The broker that speaks for the controllers. */
  get controller(): number | undefined {
    return this.#quorum.active;
  }

  /** Who leads a partition, by the word of the controller. */
  placementOf({ topic, partition }: PartitionOf): Placement | undefined {
    return this.#controller.image.placementOf(topic, partition);
  }

  broker(id: number): Broker {
    return this.#posts.get(id)!.broker;
  }

  /** The port for a client. `timeline` is the client's: what happens in it ends with the client. */
  client(timeline: Timeline = this.#timeline): FakeKafka {
    const { signal } = this.#closing;
    const bounded: Timeline = {
      get time() {
        return timeline.time;
      },
      after: (delay, action, own) =>
        timeline.after(delay, action, own === undefined ? signal : AbortSignal.any([signal, own])),
    };
    const client = new FakeKafka(this, bounded, this.#random.fork());
    this.#clients.add(client);
    return client;
  }

  /** The broker at an address, if it takes connections. */
  at({ host, port }: BrokerAddress): Broker | undefined {
    const broker = this.brokers.find(({ id }) => addressOf(id).host === host && addressOf(id).port === port);
    return broker?.isReady ? broker : undefined;
  }

  /** What goes between clients and a broker waits while they are cut off. */
  gateOf(broker: Broker): Life {
    return this.#posts.get(broker.id)!.clients;
  }

  /** Ends everything; nothing waits for time any more. */
  close(): void {
    for (const client of this.#clients) client.end();
    this.#closing.abort();
  }

  #surroundings(): BrokerSurroundings {
    const { wall, random } = this.#options;
    return {
      timeline: this.#timeline,
      random: random.fork(),
      patience: this.#patience,
      weather: this.weather,
      now: () => wall.now(),
      newSession: () => ++this.#sessions,
      post: (from, to, say) => this.#post(from, to, say),
      ask: (from, decide, answered) => this.#ask(from, decide, answered),
      controller: this.#controller,
      clusterId: this.id,
      addressOf,
      diskFailed: (broker) => this.#diskFailed(broker),
    };
  }

  #post(from: Broker, to: number, say: (other: Broker) => void): void {
    if (!this.#areLinked(from.id, to)) return;
    const { wires } = this.#posts.get(from.id)!;
    const other = this.broker(to);
    const { life } = other;
    const wire = wires.get(to) ?? new Wire(this.#timeline, () => this.#draw(this.weather.peerDelayMax));
    wires.set(to, wire);
    wire.send(() => life.run(() => say(other)));
  }

  #areLinked(one: number, other: number): boolean {
    return [one, other].every((id) => !this.broker(id).life.isOver && !this.#cuts.get(id)!.has('peers'));
  }

  #draw(max: Millis): Millis {
    return max > 0 ? this.#random.real(0, max) : 0;
  }

  /** Whether a broker and the controller hear of each other. */
  #hearsController({ id, life }: Broker): boolean {
    return (
      this.#quorum.active !== undefined &&
      !life.isOver &&
      !life.isPaused &&
      !this.#cuts.get(id)!.has('controller')
    );
  }

  #ask<T>(from: Broker, decide: () => T, answered: (answer: T) => void): void {
    const { life } = from;
    const delay = () => this.#draw(this.weather.controllerDelayMax);
    const ask = () => {
      if (life.isOver) return;
      if (!this.#hearsController(from)) return void this.#unanswered.add(ask);
      this.#timeline.after(delay(), () => {
        if (life.isOver) return;
        if (!this.#hearsController(from)) return void this.#unanswered.add(ask);
        const answer = decide();
        this.#timeline.after(delay(), () => life.run(() => answered(answer)));
      });
    };
    ask();
  }

  #publishAll(): void {
    for (const { broker } of this.#posts.values()) this.#publish(broker);
  }

  /** A broker learns what was decided, a while later, if it can. */
  #publish(broker: Broker): void {
    const { life } = broker;
    if (this.#publishing.has(broker) || life.isOver || broker.epoch < 0) return;
    if (!this.#hearsController(broker)) return;
    this.#publishing.add(broker);
    this.#timeline.after(this.#draw(this.weather.controllerDelayMax), () => {
      this.#publishing.delete(broker);
      if (life.isOver || !this.#hearsController(broker)) return;
      const { records } = this.#controller;
      life.run(() => broker.learn(records.slice(broker.records)));
    });
  }

  #diskFailed(_broker: Broker): void {}

  #heal(): void {}
}

/** An address of the range for documentation (RFC 5737), which leads nowhere. */
export function addressOf(broker: number): BrokerAddress {
  return { host: `192.0.2.${broker}`, port: 9092 };
}
