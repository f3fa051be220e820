import { Bell } from '../env/bell.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { DeliverySpec } from './delivery-spec.ts';
import type { DeliverySight, DeliveryWorld, RunningDeliveries } from './delivery-world.ts';
import { FormatterThread } from './formatter/formatter-thread.ts';
import { againMs } from './run/insistence.ts';
import { RunningDelivery } from './run/running-delivery.ts';
import { forgetStaleProgress } from './run/stale-progress.ts';

/** Runs all deliveries that are wanted, from now on, as they are wanted in every moment. */
export function runDeliveries(world: DeliveryWorld): RunningDeliveries {
  return new Deliveries(world);
}

class Deliveries implements RunningDeliveries {
  readonly #world: DeliveryWorld;
  readonly #formatter: FormatterThread;
  readonly #deliveries = new Map<string, RunningDelivery>();
  readonly #closing = new AbortController();
  readonly #bell: Bell;
  readonly #ended: Promise<void>;
  /** Deliveries that end by themselves and were wanted here: nobody else knows that they are not any more. */
  readonly #onceHere = new Set<string>();
  #sweeping: Promise<void> = Promise.resolve();
  #swept: string | undefined;
  #failedSweeps = 0;

  constructor(world: DeliveryWorld) {
    this.#world = world;
    this.#formatter = new FormatterThread(world);
    this.#bell = new Bell(world.clock);
    for (const followed of [world.wanted, world.catalog])
      detached(this.#bell.ringWith(followed, this.#closing.signal), unthinkable);
    this.#ended = this.#follow();
    detached(this.#ended, unthinkable);
  }

  sight(): readonly DeliverySight[] {
    return [...this.#deliveries.values()].flatMap((delivery) => delivery.sight ?? []);
  }

  async lookAround(): Promise<readonly DeliverySight[]> {
    // One after the other: it is asked by a human, and reads logs.
    for (const delivery of this.#deliveries.values()) await delivery.lookAround();
    return this.sight();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(null);
    this.#bell.ring();
    await this.#ended;
    const closed = [...this.#deliveries.values()].map((delivery) => delivery.close());
    await Promise.all([this.#sweeping, ...closed]);
    await this.#formatter.close();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const specs = this.#world.wanted.all();
      this.#look(specs);
      this.#sweeping = this.#sweeping.then(() => this.#sweep(specs));
      await this.#bell.wait();
      await this.#world.clock.sleep(restMs, signal);
    }
  }

  #look(specs: readonly DeliverySpec[]): void {
    const wanted = new Map(specs.map((spec) => [spec.id, spec]));
    for (const spec of specs) {
      if (spec.source.isOnce) this.#onceHere.add(spec.id);
      if (this.#deliveries.has(spec.id)) continue;
      const delivery = new RunningDelivery(this.#world, this.#formatter, spec, () => this.#bell.ring());
      this.#deliveries.set(spec.id, delivery);
    }
    for (const [id, delivery] of this.#deliveries) {
      delivery.look(wanted.get(id));
      if (!wanted.has(id) && delivery.isIdle) this.#deliveries.delete(id);
    }
  }

  /** Where others are wanted than before, some may have been deleted. */
  async #sweep(specs: readonly DeliverySpec[]): Promise<void> {
    const ids = specs.map(({ id }) => id).join();
    if (this.#swept === ids || this.#closing.signal.aborted) return;
    const { clock, logger } = this.#world;
    const { signal } = this.#closing;
    try {
      await forgetStaleProgress(this.#world, this.#onceHere, signal);
      this.#swept = ids;
      this.#failedSweeps = 0;
    } catch (error) {
      if (signal.aborted) return;
      logger.error('the progress of deliveries that are gone could not be forgotten', { error });
      const again = clock.sleep(againMs(this.#failedSweeps++), signal).then(() => this.#bell.ring());
      detached(again, unthinkable);
    }
  }
}

/** How soon after one look there may be another. */
const restMs = 20;
