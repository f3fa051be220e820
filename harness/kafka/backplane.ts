import type { Millis } from '../../src/env/clock.ts';
import type { SeededRandom } from '../random.ts';
import type { Broker } from './broker.ts';
import type { Controller } from './controller.ts';
import { Quorum } from './quorum.ts';
import type { Timeline } from './timeline.ts';
import type { Patience, Weather } from './weather.ts';
import { Wire } from './wire.ts';

export type BackplaneSurroundings = {
  readonly timeline: Timeline;
  readonly random: SeededRandom;
  readonly patience: Patience;
  readonly weather: Weather;
  readonly controller: Controller;
  readonly brokers: readonly Broker[];
  readonly trace: (text: string) => void;
};

/** What a broker is cut off from: other brokers, the controllers. */
export type InnerCut = 'peers' | 'controller';

type Standing = {
  readonly broker: Broker;
  readonly wires: Map<number, Wire>;
  readonly cuts: Set<InnerCut>;
  /** Its program has come so far that it looks for the controllers. */
  isStarted: boolean;
  /** Counts how often the controllers began to hear of it, or ceased to. */
  turns: number;
};

/** What goes on between brokers, and between brokers and controllers. */
export class Backplane {
  readonly #timeline: Timeline;
  readonly #random: SeededRandom;
  readonly #patience: Patience;
  readonly #weather: Weather;
  readonly #controller: Controller;
  readonly #trace: (text: string) => void;
  readonly #quorum: Quorum;
  readonly #standings: ReadonlyMap<number, Standing>;
  readonly #unanswered = new Set<() => void>();
  readonly #publishing = new Set<Broker>();

  /** All brokers run, and know everything, at first. */
  constructor({ timeline, random, patience, weather, controller, brokers, trace }: BackplaneSurroundings) {
    this.#timeline = timeline;
    this.#random = random;
    this.#patience = patience;
    this.#weather = weather;
    this.#controller = controller;
    this.#trace = trace;
    const standing = (broker: Broker): Standing => ({
      ...{ broker, wires: new Map(), cuts: new Set(), isStarted: true, turns: 0 },
    });
    this.#standings = new Map(brokers.map((broker) => [broker.id, standing(broker)]));
    const ids = brokers.map(({ id }) => id);
    this.#quorum = new Quorum(ids, random.fork(), { timeline, patience }, () => this.#elected());
    for (const broker of brokers) broker.epoch = controller.register(broker.id, broker.rack, true);
    for (const { id } of brokers) controller.unfence(id);
    for (const broker of brokers) {
      broker.learn(controller.records);
      broker.isReady = true;
    }
  }

  /** The broker that speaks for the controllers; undefined while there is none. */
  get active(): number | undefined {
    return this.#quorum.active;
  }

  /** Says something to another broker. It may never arrive. */
  post(from: Broker, to: number, say: (other: Broker) => void): void {
    if (!this.#areLinked(from.id, to)) return;
    const { wires } = this.#of(from.id);
    const { broker } = this.#of(to);
    const { life } = broker;
    const wire = wires.get(to) ?? new Wire(this.#timeline, () => this.#draw(this.#weather.peerDelayMax));
    wires.set(to, wire);
    wire.send(() => life.run(() => say(broker)));
  }

  /** Has the controller decide, as soon as it can be reached. */
  ask<T>(from: Broker, decide: () => T, answered: (answer: T) => void): void {
    const { life } = from;
    const delay = () => this.#draw(this.#weather.controllerDelayMax);
    const ask = () => {
      if (life.isOver) return;
      if (!this.#isHeard(from)) return this.#askLater(ask);
      this.#timeline.after(delay(), () => {
        if (life.isOver) return;
        if (!this.#isHeard(from)) return this.#askLater(ask);
        const answer = decide();
        this.#timeline.after(delay(), () => life.run(() => answered(answer)));
      });
    };
    ask();
  }

  publish(): void {
    for (const { broker } of this.#standings.values()) this.#publishTo(broker);
  }

  cut(id: number, what: InnerCut): void {
    this.#of(id).cuts.add(what);
    if (what === 'peers') this.#cutWires(id);
    else this.#turned(id);
  }

  mend(id: number, what: InnerCut): void {
    if (!this.#of(id).cuts.delete(what)) return;
    if (what === 'controller') this.#turned(id);
    else this.#relink(id);
  }

  /** A broker was paused, or goes on. */
  paused(id: number): void {
    this.#turned(id);
  }

  /** A broker has ended. `inPeace`: it told the controllers so, which had others lead before. */
  ended(id: number, inPeace: boolean): void {
    const standing = this.#of(id);
    standing.isStarted = false;
    this.#cutWires(id);
    if (inPeace) this.#controller.fence(id);
    this.#turned(id);
  }

  /** A broker has begun a new life. */
  begun(id: number): void {
    const standing = this.#of(id);
    const { broker } = standing;
    broker.epoch = -1;
    broker.after(this.#patience.startMs, () => {
      standing.isStarted = true;
      this.#turned(id);
    });
  }

  /** The replicas of a broker can be led from there no more. */
  diskFailed(broker: Broker): void {
    this.ask(
      broker,
      () => this.#controller.fence(broker.id),
      () => {},
    );
  }

  #of(id: number): Standing {
    return this.#standings.get(id)!;
  }

  #draw(max: Millis): Millis {
    return max > 0 ? this.#random.real(0, max) : 0;
  }

  #areLinked(one: number, other: number): boolean {
    return [one, other].every((id) => {
      const { broker, cuts } = this.#of(id);
      return !broker.life.isOver && !cuts.has('peers');
    });
  }

  #cutWires(id: number): void {
    for (const [from, { wires }] of this.#standings) {
      for (const [to, wire] of wires) {
        if (from !== id && to !== id) continue;
        wire.cut();
        wires.delete(to);
      }
    }
  }

  #relink(id: number): void {
    for (const { broker } of this.#standings.values())
      broker.life.run(() => broker.restartFetching(broker.id === id ? undefined : id));
  }

  #canReach({ broker, cuts, isStarted }: Standing): boolean {
    return isStarted && !broker.life.isOver && !broker.life.isPaused && !cuts.has('controller');
  }

  /** Whether a broker and the controller hear of each other. */
  #isHeard({ id }: Broker): boolean {
    return this.#quorum.active !== undefined && this.#canReach(this.#of(id));
  }

  #askLater(ask: () => void): void {
    this.#unanswered.add(ask);
  }

  /** The controllers hear of a broker from now on, or do no more. */
  #turned(id: number): void {
    const standing = this.#of(id);
    standing.turns++;
    this.#quorum.set(id, this.#canReach(standing));
    if (this.#quorum.active !== undefined) this.#attend(standing);
  }

  #elected(): void {
    this.#trace(`broker ${this.#quorum.active} speaks for the controllers`);
    for (const standing of this.#standings.values()) this.#attend(standing);
  }

  /** A broker that is heard of comes to know everything, and may lead; another one may not, after a while. */
  #attend(standing: Standing): void {
    const { broker, turns } = standing;
    if (this.#isHeard(broker)) {
      this.#welcome(standing);
      const asks = [...this.#unanswered];
      this.#unanswered.clear();
      for (const ask of asks) ask();
      return;
    }
    this.#timeline.after(this.#patience.sessionMs, () => {
      if (standing.turns !== turns || this.#quorum.active === undefined || this.#isHeard(broker)) return;
      this.#trace(`broker ${broker.id} is fenced`);
      this.#controller.fence(broker.id);
    });
  }

  #welcome({ broker }: Standing): void {
    const { life } = broker;
    const controller = this.#controller;
    this.#timeline.after(this.#draw(this.#weather.controllerDelayMax), () => {
      if (life.isOver || !this.#isHeard(broker)) return;
      const isNew = broker.epoch < 0;
      if (isNew) {
        broker.epoch = controller.register(broker.id, broker.rack, broker.wasStoppedInPeace);
        this.#trace(`broker ${broker.id} registers`);
      }
      broker.learn(controller.records.slice(broker.records));
      if (isNew) broker.placeAll();
      this.#timeline.after(this.#draw(this.#weather.controllerDelayMax), () => {
        if (life.isOver || !this.#isHeard(broker)) return;
        controller.unfence(broker.id);
        broker.isReady = true;
      });
    });
  }

  /** A broker learns what was decided, a while later, if it can. */
  #publishTo(broker: Broker): void {
    const { life } = broker;
    if (this.#publishing.has(broker) || broker.epoch < 0 || !this.#isHeard(broker)) return;
    this.#publishing.add(broker);
    this.#timeline.after(this.#draw(this.#weather.controllerDelayMax), () => {
      this.#publishing.delete(broker);
      if (life.isOver || !this.#isHeard(broker)) return;
      broker.learn(this.#controller.records.slice(broker.records));
    });
  }
}
