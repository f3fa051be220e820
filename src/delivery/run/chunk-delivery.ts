import type { Millis } from '../../env/clock.ts';
import type { ObjectStore } from '../../env/object-store.ts';
import type { ChunkDestination } from '../destination/chunk-destination.ts';
import type { FormattedChunk, FormattedObject } from '../formatter/chunk-setting.ts';
import type { ChunkPlan, DeliveryProgress, PlannedObject, Positions } from '../state/delivery-state.ts';
import type { FilledChunk } from './chunk-filler.ts';
import { sendRequests } from './chunk-requests.ts';
import { countDelivered } from './delivery-counts.ts';
import type { Insistence } from './insistence.ts';
import type { ProgressFact } from './progress-fact.ts';
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
  readonly #destination: ChunkDestination;
  readonly #insistence: Insistence;

  constructor(parts: RunParts, fact: ProgressFact, destination: ChunkDestination, insistence: Insistence) {
    this.#parts = parts;
    this.#fact = fact;
    this.#destination = destination;
    this.#insistence = insistence;
  }

  /**
   * Resolves once the chunk is done. Rejects with `LostDeliveryError`, with the signal's reason, or when the
   * chunk cannot be formatted.
   */
  async deliver(chunk: FilledChunk): Promise<void> {
    const { world, spec } = this.#parts;
    const { lost, behindMs } = chunk;
    if (lost > 0)
      world.logger.warn('records expired before they were delivered', { delivery: spec.id, lost });
    const random = world.random.bytes(16).toString('hex');
    const formatted = await chunk.inThread?.finish(random);
    const to = changed(this.#known.done, chunk.to);
    if (formatted === undefined || isEmpty(formatted)) return await this.#done(to, formatted, behindMs);
    const objects = formatted.objects.map(({ place }) => placeOf(place));
    const number = this.#known.nextChunk;
    const plan = { number, to, at: world.clock.now(), random, objects, stale: [] };
    await this.#say({ ...this.#known, plan });
    await this.#put(formatted.objects);
    await this.#destination.take(formatted, plan, false);
    await this.#done(to, await this.#sent(formatted, plan), behindMs);
  }

  /** The same, of a chunk that an earlier run has planned, and which was read again. */
  async deliverAgain(chunk: FilledChunk, plan: ChunkPlan): Promise<void> {
    if (chunk.lost > 0) return await this.#deliverRest(chunk, plan);
    const formatted = await chunk.inThread?.finish(plan.random);
    await this.#replace(formatted, plan, { kept: [], made: formatted?.objects ?? [] });
  }

  /**
   * The same, where some of its records have expired meanwhile. Names say when the oldest one arrived, so
   * they would be others now, and an object is known by what it is for: one that is there stays, as it has
   * all that it was to have, and the rest is made of what is left. Where records are for what was not
   * planned, a function or a change has them go elsewhere: then all of it is replaced.
   */
  async #deliverRest(chunk: FilledChunk, plan: ChunkPlan): Promise<void> {
    const random = this.#parts.world.random.bytes(16).toString('hex');
    const formatted = await chunk.inThread?.finish(random);
    const made = formatted?.objects ?? [];
    const planned = plan.objects.filter((object) => !this.#destination.keeps(object));
    const there = await this.#there(planned);
    const isComplete = planned.length > 0 && there.length === planned.length;
    const isFor = (objects: readonly PlannedObject[], { place }: FormattedObject) =>
      objects.some(({ of }) => of === place.of);
    // Files of a table are named by the plan alone, and the table knows whether it has them.
    const plain = made.filter(({ file }) => file === undefined);
    const kept = isComplete || plain.every((object) => isFor(planned, object)) ? there : [];
    const missing = made.filter(
      (object) => object.file !== undefined || !(isComplete || isFor(kept, object)),
    );
    await this.#replace(formatted, plan, { kept, made: missing });
  }

  /** Puts what is made, and removes what of an earlier attempt is neither that nor kept. */
  async #replace(
    formatted: FormattedChunk | undefined,
    plan: ChunkPlan,
    { kept, made }: { readonly kept: readonly PlannedObject[]; readonly made: readonly FormattedObject[] },
  ): Promise<void> {
    const objects = [...kept, ...made.map(({ place }) => placeOf(place))];
    const stale = [...plan.objects, ...plan.stale].filter(
      (old) => !objects.some((place) => isSame(place, old)),
    );
    if (!isSameAll(objects, plan.objects))
      await this.#say({ ...this.#known, plan: { ...plan, objects, stale } });
    await this.#put(made);
    if (formatted !== undefined) await this.#destination.take(formatted, plan, true);
    const sent = formatted && (await this.#sent(formatted, { ...plan, objects, stale }));
    await this.#remove(this.#known.plan!.stale);
    await this.#done(plan.to, sent, 0);
  }

  /** Sends what is for an HTTP endpoint. What it does not take is in objects, which the plan has first. */
  async #sent(formatted: FormattedChunk, plan: ChunkPlan): Promise<FormattedChunk> {
    const ours = { signal: this.#signal, requireOurs: () => this.#insistence.requireOurs() };
    const { taken, errors: failed } = await sendRequests(this.#parts, formatted.requests, plan, ours);
    const errors = failed.filter(({ place }) => !plan.objects.some(({ of }) => of === place.of));
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

  get #store(): ObjectStore {
    return this.#parts.world.objects!;
  }

  get #signal(): AbortSignal {
    return this.#insistence.signal;
  }

  get #known(): DeliveryProgress {
    return this.#fact.known!;
  }

  async #say(progress: DeliveryProgress): Promise<void> {
    this.#insistence.requireOurs();
    await this.#fact.say(progress, this.#signal);
  }

  async #done(to: Positions, formatted: FormattedChunk | undefined, behindMs: Millis): Promise<void> {
    const { world, meter } = this.#parts;
    const { plan: _plan, ...before } = this.#known;
    const done = { ...before.done, ...to };
    await this.#say({ ...before, done, nextChunk: before.nextChunk + 1, doneAt: world.clock.now() });
    if (formatted === undefined) return;
    meter.done(formatted.counts, formatted.objects.length);
    countDelivered(this.#parts, formatted, behindMs);
  }

  /** Some at a time. */
  async #put(objects: readonly FormattedObject[]): Promise<void> {
    const waiting = [...objects];
    const store = this.#store;
    const putSome = async () => {
      for (let object = waiting.shift(); object !== undefined; object = waiting.shift()) {
        const { place, bytes, target, contentType, contentEncoding } = object;
        const how = { contentType, contentEncoding, ...target };
        await this.#insistence.on(() => store.put(place, bytes, how, this.#signal));
      }
    };
    await Promise.all(Array.from({ length: putsMax }, putSome));
  }

  async #remove(stale: readonly PlannedObject[]): Promise<void> {
    for (const place of stale)
      if (!this.#destination.keeps(place))
        await this.#insistence.on(() => this.#store.delete(place, this.#signal));
  }

  async #there(objects: readonly PlannedObject[]): Promise<readonly PlannedObject[]> {
    const there: PlannedObject[] = [];
    for (const object of objects) {
      const found = await this.#insistence.on(() => this.#store.head(object, this.#signal));
      if (found !== undefined) there.push(object);
    }
    return there;
  }
}

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

function placeOf({ bucket, key, of }: PlannedObject): PlannedObject {
  return { bucket, key, of };
}

function isSame(a: PlannedObject, b: PlannedObject): boolean {
  return a.bucket === b.bucket && a.key === b.key;
}

function isSameAll(some: readonly PlannedObject[], others: readonly PlannedObject[]): boolean {
  return some.length === others.length && some.every((a) => others.some((b) => isSame(a, b)));
}
