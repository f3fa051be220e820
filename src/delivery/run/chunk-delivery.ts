import type { Millis } from '../../env/clock.ts';
import { type ObjectStore, ObjectStoreError } from '../../env/object-store.ts';
import type { FormattedChunk, FormattedObject } from '../formatter/chunk-setting.ts';
import type { ChunkPlan, DeliveryProgress, PlannedObject, Positions } from '../state/delivery-state.ts';
import type { FilledChunk } from './chunk-filler.ts';
import { sendRequests } from './chunk-requests.ts';
import { countDelivered, countTrouble } from './delivery-counts.ts';
import { LostDeliveryError, type ProgressFact } from './progress-fact.ts';
import type { RunParts } from './run-parts.ts';

/**
 * Delivers chunks, one after the other, so that each record is in exactly one object whenever it is stopped.
 * What a chunk holds and where it goes is committed before its first byte leaves, as a plan; that it is done,
 * after its last. A plan that is found is done again: under the same names it replaces itself, and what an
 * earlier attempt has put elsewhere is removed.
 */
export class ChunkDelivery {
  readonly #parts: RunParts;
  readonly #fact: ProgressFact;
  readonly #signal: AbortSignal;

  /** The signal ends attempts. */
  constructor(parts: RunParts, fact: ProgressFact, signal: AbortSignal) {
    this.#parts = parts;
    this.#fact = fact;
    this.#signal = signal;
  }

  /**
   * Resolves once the chunk is done. Rejects with `LostDeliveryError`, with the signal's reason, or when the
   * chunk cannot be formatted.
   */
  async deliver(chunk: FilledChunk): Promise<void> {
    const { world } = this.#parts;
    const random = world.random.bytes(16).toString('hex');
    const formatted = await chunk.inThread?.finish(random);
    const to = changed(this.#known.done, chunk.to);
    if (formatted === undefined || isEmpty(formatted)) return await this.#done(to, formatted);
    const objects = formatted.objects.map(({ place }) => placeOf(place));
    const number = this.#known.nextChunk;
    const plan = { number, to, at: world.clock.now(), random, objects, stale: [] };
    await this.#say({ ...this.#known, plan });
    await this.#put(formatted.objects);
    await this.#done(to, await this.#sent(formatted, plan));
  }

  /** The same, of a chunk that an earlier run has planned, and which was read again. */
  async deliverAgain(chunk: FilledChunk, plan: ChunkPlan): Promise<void> {
    const formatted = await chunk.inThread?.finish(plan.random);
    const made = formatted?.objects ?? [];
    const objects = made.map(({ place }) => placeOf(place));
    const stale = [...plan.objects, ...plan.stale].filter(
      (old) => !objects.some((place) => isSame(place, old)),
    );
    if (!isSameAll(objects, plan.objects))
      await this.#say({ ...this.#known, plan: { ...plan, objects, stale } });
    const isWhole = chunk.lost === 0;
    // What is in objects of records that are no longer there must stay as it is.
    await this.#put(isWhole ? made : await this.#missing(made));
    const sent = formatted && (await this.#sent(formatted, { ...plan, objects, stale }));
    if (isWhole) await this.#remove(this.#known.plan!.stale);
    await this.#done(plan.to, sent);
  }

  /** Sends what is for an HTTP endpoint. What it does not take is in objects, which the plan has first. */
  async #sent(formatted: FormattedChunk, plan: ChunkPlan): Promise<FormattedChunk> {
    const ours = { signal: this.#signal, requireOurs: () => this.#requireOurs() };
    const { taken, errors } = await sendRequests(this.#parts, formatted.requests, plan, ours);
    if (errors.length > 0) {
      const places = errors.map(({ place }) => placeOf(place));
      const stale = plan.stale.filter((old) => !places.some((place) => isSame(place, old)));
      await this.#say({ ...this.#known, plan: { ...plan, objects: [...plan.objects, ...places], stale } });
      await this.#put(errors);
    }
    const refused = errors.reduce((sum, { records }) => sum + records, formatted.counts.refused);
    const objects = [...formatted.objects, ...errors];
    return { objects, requests: taken, counts: { ...formatted.counts, refused } };
  }

  get #known(): DeliveryProgress {
    return this.#fact.known!;
  }

  async #say(progress: DeliveryProgress): Promise<void> {
    this.#requireOurs();
    await this.#fact.say(progress, this.#signal);
  }

  async #done(to: Positions, formatted: FormattedChunk | undefined): Promise<void> {
    const { world, meter } = this.#parts;
    const { plan: _plan, ...before } = this.#known;
    const done = { ...before.done, ...to };
    await this.#say({ ...before, done, nextChunk: before.nextChunk + 1, doneAt: world.clock.now() });
    if (formatted === undefined) return;
    meter.done(formatted.counts, formatted.objects.length);
    countDelivered(this.#parts, formatted);
  }

  /** Some at a time. */
  async #put(objects: readonly FormattedObject[]): Promise<void> {
    const waiting = [...objects];
    const putSome = async () => {
      for (let object = waiting.shift(); object !== undefined; object = waiting.shift()) {
        const { place, bytes, target, contentType, contentEncoding } = object;
        const how = { contentType, contentEncoding, ...target };
        await this.#insist((store) => store.put(place, bytes, how, this.#signal));
      }
    };
    await Promise.all(Array.from({ length: putsMax }, putSome));
  }

  async #remove(stale: readonly PlannedObject[]): Promise<void> {
    for (const place of stale) await this.#insist((store) => store.delete(place, this.#signal));
  }

  async #missing(objects: readonly FormattedObject[]): Promise<readonly FormattedObject[]> {
    const missing: FormattedObject[] = [];
    for (const object of objects) {
      const found = await this.#insist((store) => store.head(object.place, this.#signal));
      if (found === undefined) missing.push(object);
    }
    return missing;
  }

  /** A store that refuses, or does not answer, is asked again and again: nothing else is to be done. */
  async #insist<Answer>(ask: (store: ObjectStore) => Promise<Answer>): Promise<Answer> {
    const { world, meter, spec } = this.#parts;
    for (let failures = 0; ; failures++) {
      this.#requireOurs();
      try {
        return await ask(world.objects!);
      } catch (error) {
        if (!(error instanceof ObjectStoreError)) throw error;
        meter.hinder(`${error.code}: ${error.message}`);
        world.logger.warn('a delivery could not be made, will try again', { delivery: spec.id, error });
        countTrouble(this.#parts);
        await world.clock.sleep(againMs(failures), this.#signal);
        this.#signal.throwIfAborted();
      }
    }
  }

  #requireOurs(): void {
    this.#signal.throwIfAborted();
    if (!this.#parts.isOurs()) throw new LostDeliveryError('It is to run elsewhere.');
  }
}

/** How long until it is tried again, after so many failures in a row before. */
export function againMs(failures: number): Millis {
  return Math.min(againMsMax, againMsMin * 2 ** Math.min(failures, 20));
}

const againMsMin: Millis = 1_000;
const againMsMax: Millis = 60_000;

/** Objects of one delivery that are put at a time. */
const putsMax = 8;

/** What of the positions is not as it was. */
function changed(before: Positions, after: Positions): Positions {
  const isOther = ([shard, { next, isFinished }]: [string, Positions[string]]) =>
    before[shard]?.next !== next || before[shard]?.isFinished !== isFinished;
  return Object.fromEntries(Object.entries(after).filter(isOther));
}

function isEmpty({ objects, requests }: FormattedChunk): boolean {
  return objects.length === 0 && requests.length === 0;
}

function placeOf({ bucket, key }: PlannedObject): PlannedObject {
  return { bucket, key };
}

function isSame(a: PlannedObject, b: PlannedObject): boolean {
  return a.bucket === b.bucket && a.key === b.key;
}

function isSameAll(some: readonly PlannedObject[], others: readonly PlannedObject[]): boolean {
  return some.length === others.length && some.every((a) => others.some((b) => isSame(a, b)));
}
