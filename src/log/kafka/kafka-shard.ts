import { strict as assert } from 'node:assert';
import type { Clock, Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import { Condition } from '../condition.ts';
import { inOnePiece } from '../in-one-piece.ts';
import {
  type Appended,
  DroppedError,
  type LoggedBatch,
  type NewBatch,
  type Position,
  type ReadLimit,
  type ReadRequest,
  type ShardKey,
  type Slice,
} from '../log.ts';
import { Agreement, sealed } from './agreement.ts';
import { Arrivals } from './arrivals.ts';
import {
  type AppendedAt,
  type Bounds,
  type KafkaClient,
  type KafkaOffset,
  UnavailableError,
} from './client.ts';
import { LastArrivals } from './last-arrivals.ts';
import type { ShardPlace, ShardPlaces } from './shard-places.ts';

export type KafkaShardWorld = {
  readonly client: KafkaClient;
  readonly places: ShardPlaces;
  readonly clock: Clock;
};

/**
 * A shard in its place: offsets `base` to, and without, `seal` of a partition. Until the seal is agreed on,
 * the shard shows nothing behind the first mark, because that may be it.
 */
export class KafkaShard {
  readonly #client: KafkaClient;
  readonly #places: ShardPlaces;
  readonly #key: ShardKey;
  readonly #agreement: Agreement;
  readonly #arrivals = new Arrivals();
  readonly #lastArrivals: LastArrivals;
  /** Under way while the shard gets a place: appends wait for it in their order. */
  #assigning: Promise<void> | undefined;
  #sealing: Promise<Offset> | undefined;
  /** Appends that brokers have not answered. */
  #underWay = 0;
  readonly #settling = new Condition();
  /** What was forgotten before it, brokers may still have. */
  #start: KafkaOffset = 0;
  /** The first mark that was seen. */
  #mark: KafkaOffset = Number.POSITIVE_INFINITY;
  /** There is no mark of the shard's before it. */
  #harmless: KafkaOffset = 0;

  constructor({ client, places, clock }: KafkaShardWorld, key: ShardKey) {
    this.#client = client;
    this.#places = places;
    this.#key = key;
    this.#agreement = new Agreement(places, clock, key);
    this.#lastArrivals = new LastArrivals(client, clock, this.#arrivals);
  }

  /**
   * Acknowledges only what is before the seal for certain. What was refused with `SealedError` is behind it,
   * and nobody reads it; with `UnavailableError`, nobody knows.
   */
  async append(batch: NewBatch): Promise<Appended> {
    if (this.#sealing !== undefined) throw sealed();
    const place = this.#known() ?? (await this.#assigned());
    if (place.state !== 'open') throw sealed();
    if (!this.#agreement.reaches(place.base)) await this.#untilOpen(place);
    const { count } = batch;
    const { first, arrival } = await this.#stored(place, batch);
    this.#arrivals.note([{ first, count, arrival }]);
    return { first: first - place.base, arrival };
  }

  async read({ from, since, limit, own }: ReadRequest): Promise<Slice> {
    const place = await this.#placed();
    if (place === undefined) return { ...nothing, batches: [] };
    const start = this.#start;
    const at = Math.max(place.base + from, start);
    let found = await this.#readFrom(place, at, limit);
    const [oldest] = found.batches;
    if (oldest !== undefined && oldest.arrival < since) {
      const later = await this.#client.seek(place, since);
      if (later > at) found = await this.#readFrom(place, later, limit);
    }
    const { batches, end } = found;
    const last = batches.at(-1);
    const isAtEnd = last === undefined || last.first + last.count >= end;
    return {
      ...shifted(place, { start: Math.max(start, found.start), end }),
      lastArrival: isAtEnd
        ? await this.#lastArrivals.before(place, end)
        : await this.#lastArrivals.recent(place, end),
      batches: (own === true ? inOnePiece(batches) : batches).map((batch) => ({
        ...batch,
        first: batch.first - place.base,
      })),
    };
  }

  async seek(time: Millis): Promise<Offset> {
    const place = await this.#placed();
    if (place === undefined) return 0;
    const found = await this.#client.seek(place, time);
    const { start, end } = shifted(place, await this.#bounds(place));
    return Math.max(start, Math.min(found - place.base, end));
  }

  async position(): Promise<Position> {
    const place = await this.#placed();
    if (place === undefined) return nothing;
    const bounds = await this.#bounds(place);
    return { ...shifted(place, bounds), lastArrival: await this.#lastArrivals.before(place, bounds.end) };
  }

  /** Resolves as `Records.grown` does. */
  async grown(past: Offset, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const place = this.#places.of(this.#key);
      if (place === undefined) await this.#places.changed(signal);
      else if (place.seal !== undefined) {
        if (place.base + past < place.seal) await this.#client.grown(place, place.base + past, signal);
        return;
      } else if (place.base + past >= this.#mark) {
        // What is behind a mark is not the shard's, or not yet.
        await this.#places.changed(signal);
      } else if (await this.#hasGrown(place, past, signal)) return;
    }
  }

  /** Repeated calls are one. */
  seal(): Promise<Offset> {
    this.#sealing ??= this.#seal().finally(() => {
      this.#sealing = undefined;
    });
    return this.#sealing;
  }

  async trim(before: Offset): Promise<void> {
    const place = await this.#placed();
    if (place === undefined) return;
    const stored = await this.#client.bounds(place);
    const start = Math.max(place.base, stored.start);
    const { end } = this.#within(place, stored);
    const kept = Math.min(place.base + before, end);
    this.#start = Math.max(this.#start, kept);
    // The topic's retention frees the rest: a request for each record that expires would be one too many.
    const gains = kept > start && (kept === end || (kept - start) * trimmedShare >= end - start);
    // Nor is anything thrown away by a clock that is wrong: brokers do, by theirs.
    if (gains && !this.#client.time.isFarOff) await this.#client.trim(place, kept);
  }

  /** Resolves when no append is under way here that a broker might yet answer. */
  async drain(): Promise<void> {
    await this.#settling.until(() => this.#underWay === 0, never);
  }

  /** The place, unless appends wait for it: none may overtake them. */
  #known(): ShardPlace | undefined {
    return this.#assigning === undefined ? this.#places.of(this.#key) : undefined;
  }

  /** The place, if any gateway knows of one. */
  async #placed(): Promise<ShardPlace | undefined> {
    const known = this.#places.of(this.#key);
    if (known !== undefined) return known;
    await this.#places.current();
    return this.#places.of(this.#key);
  }

  /**
   * The place, after the shard was given one. Those that wait go on in their order, and in the step right
   * before others find it known.
   */
  async #assigned(): Promise<ShardPlace> {
    if (this.#assigning === undefined) {
      this.#assigning = this.#places.assign(this.#key.stream, [this.#key.shard]);
      const forget = () => {
        this.#assigning = undefined;
      };
      this.#assigning.then(forget, forget);
    }
    await this.#assigning;
    const place = this.#places.of(this.#key);
    if (place === undefined) throw new UnavailableError('The shard has no place yet.');
    return place;
  }

  /**
   * Resolves when records that are appended from now on may be acknowledged: without a lease they would be
   * stored, and stored again by whoever was told that nobody knows.
   */
  async #untilOpen({ base }: ShardPlace): Promise<void> {
    await this.#agreement.until(base);
    if (this.#places.of(this.#key)?.state !== 'open') throw sealed();
  }

  /**
   * Appends a batch, and resolves when it is the shard's for good. No clock tells how long a machine was
   * frozen by its host: what lands behind a gap may be behind a mark, and is not acknowledged by the lease
   * before all is known here that the others have agreed on since.
   */
  async #stored(place: ShardPlace, batch: NewBatch): Promise<AppendedAt> {
    const stored = await this.#appended(place, batch);
    try {
      if (stored.isBehindGap) await this.#places.current();
      if (!stored.isAgreed) await this.#agreement.until(lastOf(stored, batch));
      if (this.#places.of(this.#key)?.state === 'open') this.#passed(lastOf(stored, batch));
    } catch (error) {
      throw error instanceof DroppedError ? droppedOnItsWay() : error;
    }
    return stored;
  }

  /**
   * As a broker has it, and whether all agree on it already; that is looked at before it counts as let go.
   */
  async #appended(
    place: ShardPlace,
    batch: NewBatch,
  ): Promise<AppendedAt & { readonly isBehindGap: boolean; readonly isAgreed: boolean }> {
    this.#underWay += 1;
    try {
      const stored = await this.#client.append(place, batch);
      assert(stored.first >= place.base);
      const isBehindGap = stored.first > Math.max(place.base, this.#harmless);
      return { ...stored, isBehindGap, isAgreed: !isBehindGap && this.#isAgreed(lastOf(stored, batch)) };
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#settling.announce();
    }
  }

  #isAgreed(last: KafkaOffset): boolean {
    try {
      return this.#agreement.reaches(last);
    } catch (error) {
      throw error instanceof DroppedError ? droppedOnItsWay() : error;
    }
  }

  /** There is no mark up to an offset: what closes now will have it later. */
  #passed(last: KafkaOffset): void {
    this.#harmless = Math.max(this.#harmless, last + 1);
  }

  async #seal(): Promise<Offset> {
    const place = this.#known() ?? (await this.#assigned());
    if (place.seal === undefined) await this.#places.close(this.#key);
    const closed = this.#places.of(this.#key);
    if (closed?.seal !== undefined) return closed.seal - closed.base;
    const { first } = await this.#client.append(place, { mark: 'seal' });
    this.#mark = Math.min(this.#mark, first);
    return (await this.#places.seal(this.#key, first)) - place.base;
  }

  async #readFrom(
    place: ShardPlace,
    from: KafkaOffset,
    limit: ReadLimit,
  ): Promise<Bounds & { readonly batches: readonly LoggedBatch[] }> {
    const found = await this.#client.read(place, from, limit);
    await this.#heedGaps(found.gaps.filter((gap) => gap >= place.base));
    const bounds = this.#within(place, found);
    const batches = found.batches.filter(({ first }) => first < bounds.end);
    this.#arrivals.note(batches);
    return { ...bounds, batches };
  }

  /**
   * A gap may be a mark, and a mark the seal. While the shard is open, after all that was agreed on before is
   * known here, it is none: marks come after the closing.
   */
  async #heedGaps(gaps: readonly KafkaOffset[]): Promise<void> {
    const first = gaps.find((gap) => gap >= this.#harmless);
    if (first === undefined || first >= this.#mark || this.#places.of(this.#key)?.seal !== undefined) return;
    await this.#places.current();
    if (this.#places.of(this.#key)?.state === 'open') this.#passed(gaps.at(-1)!);
    else this.#mark = Math.min(this.#mark, first);
  }

  async #bounds(place: ShardPlace): Promise<Bounds> {
    return this.#within(place, await this.#client.bounds(place));
  }

  /** What of a partition is of the shard, as it stands now. */
  #within(place: ShardPlace, { start, end }: Bounds): Bounds {
    const seal = this.#places.of(this.#key)?.seal ?? this.#mark;
    const kept = Math.max(place.base, this.#start, start);
    const until = Math.max(place.base, Math.min(end, seal));
    return { start: Math.min(kept, until), end: until };
  }

  /**
   * True when the end is past an offset or the wait is over, false when something about the places changed.
   */
  async #hasGrown(place: ShardPlace, past: Offset, signal: AbortSignal): Promise<boolean> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    let hasGrown = false;
    const growth = this.#client.grown(place, place.base + past, either).then(() => {
      hasGrown = !either.aborted;
    });
    await Promise.race([growth, this.#places.changed(either)]);
    // Without a reason, an error would be made for each of them.
    over.abort(null);
    await growth;
    return hasGrown || signal.aborted;
  }
}

/** Others may have read it while the stream was there. */
function droppedOnItsWay(): UnavailableError {
  return new UnavailableError('The stream was deleted while the records were on their way.');
}

function lastOf({ first }: AppendedAt, { count }: NewBatch): KafkaOffset {
  return first + count - 1;
}

function shifted({ base }: ShardPlace, { start, end }: Bounds): { start: Offset; end: Offset } {
  return { start: start - base, end: end - base };
}

/** Says that the stream was dropped, if it was, and else what it was given. */
export function orDropped(places: ShardPlaces, key: ShardKey, error: unknown): unknown {
  try {
    places.of(key);
    return error;
  } catch (dropped) {
    if (dropped instanceof DroppedError) return dropped;
    throw dropped;
  }
}

const never = new AbortController().signal;

const nothing: Position = { start: 0, end: 0, lastArrival: Number.NEGATIVE_INFINITY };

/** Brokers are asked to forget at least one in so many of the records that they have. */
const trimmedShare = 8;
