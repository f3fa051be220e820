import { strict as assert } from 'node:assert';
import type { Clock } from '../env/clock.ts';
import type { Logger } from '../env/logger.ts';
import type { Journal } from '../journal/journal.ts';
import type { KafkaClient, KafkaOffset } from '../log/kafka/client.ts';
import type { ShardPlace, ShardPlaces, Verdict } from '../log/kafka/shard-places.ts';
import { DroppedError, type ShardKey } from '../log/log.ts';
import { Changes } from './changes.ts';
import { type ClusterState, isDrained, type Place, type PlacedStream } from './cluster-state.ts';
import type { Drains } from './drains.ts';
import type { ClusterEdit } from './edit.ts';
import type { Lease } from './lease.ts';
import type { Member } from './members.ts';
import { hasNumber } from './ranges.ts';
import { Slots } from './slots.ts';

export type PlacesWorld = {
  readonly journal: Journal<ClusterState, ClusterEdit>;
  readonly client: KafkaClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lease: Lease;
  readonly drains: Drains;
  /** This gateway, as it is named as a member. */
  readonly self: Pick<Member, 'id'>;
  /** What topics are named after. */
  readonly cluster: string;
};

/** Places of shards, as all gateways agree on them. */
export class JournalledPlaces implements ShardPlaces {
  readonly #world: PlacesWorld;
  readonly #slots: Slots;
  readonly #changes = new Changes();
  /** What who closes something waits for. */
  readonly #progress = new Changes();
  #seen: ClusterState;

  constructor(world: PlacesWorld) {
    this.#world = world;
    this.#slots = new Slots(world);
    this.#seen = world.journal.state;
    world.drains.settled = () => this.#progress.announce();
  }

  of({ stream, shard }: ShardKey): ShardPlace | undefined {
    const placed = this.#stream(stream);
    if (placed === undefined) return undefined;
    const place = placed.places.get(shard);
    if (place !== undefined || !hasNumber(placed.released, shard)) return place;
    // Nothing of it is left, and nothing comes to it any more.
    return { topic: placed.topic, partition: 0, base: 0, seal: 0, state: 'sealed' };
  }

  async current(): Promise<void> {
    await this.#world.journal.current();
  }

  assign(stream: string, shards: readonly number[]): Promise<void> {
    return this.#slots.assign(stream, shards);
  }

  async close(key: ShardKey): Promise<void> {
    if (this.of(key) === undefined) await this.assign(key.stream, [key.shard]);
    using _ = this.#world.drains.closeHere(key.stream);
    await this.#world.journal.commit((state) =>
      placeIn(state, key)?.state === 'open' ? [{ kind: 'closing', ...key }] : [],
    );
    const place = placeIn(this.#world.journal.state, key);
    if (place?.closing !== undefined)
      await this.#closed(place.closing, () => this.of(key)?.seal !== undefined);
  }

  async seal(key: ShardKey, at: KafkaOffset): Promise<KafkaOffset> {
    await this.#world.journal.commit((state) =>
      placeIn(state, key)?.state === 'closing' ? [{ kind: 'sealed', ...key, at }] : [],
    );
    const place = this.of(key);
    assert(place?.seal !== undefined);
    return place.seal;
  }

  async release(key: ShardKey): Promise<void> {
    const place = placeIn(this.#world.journal.state, key);
    if (place?.seal === undefined) return;
    const { start, end: from } = await this.#world.client.bounds(place, 'now');
    // What a leader that was deposed answers may be old: it has to know of the mark at least.
    if (start < from || from <= place.seal) return;
    await this.#world.journal.commit((state) => {
      const isThere = placeIn(state, key)?.state === 'sealed';
      return isThere ? [{ kind: 'released', ...key, from }] : [];
    });
  }

  async drop(stream: string): Promise<void> {
    await this.#world.journal.commit(({ dropped }) =>
      dropped.has(stream) ? [] : [{ kind: 'dropped', stream }],
    );
    await this.#forget(stream);
  }

  streams(): readonly string[] {
    return [...this.#world.journal.state.streams.keys()];
  }

  verdict(key: ShardKey, last: KafkaOffset): Verdict {
    const place = placeIn(this.#world.journal.state, key);
    if (place?.seal !== undefined) return last < place.seal ? 'acknowledge' : 'sealed';
    const { lease, drains } = this.#world;
    if (place?.state === 'open') return lease.isValid ? 'acknowledge' : 'unknown';
    const closing = place?.closing;
    if (closing === undefined || drains.hasGivenUp(closing)) return 'unknown';
    return lease.isValidFor(closing) ? 'acknowledge' : 'unknown';
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#changes.next(signal);
  }

  drainWith(drain: (shard: ShardKey) => Promise<void>): void {
    this.#world.drains.drain = drain;
  }

  /** Called when the journal has grown. */
  see(): void {
    const before = this.#seen;
    const { state } = this.#world.journal;
    this.#seen = state;
    if (state.streams !== before.streams || state.dropped !== before.dropped) this.#changes.announce();
    if (state !== before) this.#progress.announce();
  }

  /** Called when there is a lease again: what was not known may be. */
  renewed(): void {
    this.#changes.announce();
  }

  /** Ends what a gateway may have begun before it ended itself, and makes spare slots. For one member. */
  async tidy(): Promise<void> {
    for (const [stream, { closing }] of this.#world.journal.state.dropped) {
      if (closing !== undefined) await this.#forget(stream);
    }
    await this.#slots.makeSpare();
  }

  /** Removes the topic of a stream that was dropped, once nothing in it is acknowledged any more. */
  async #forget(stream: string): Promise<void> {
    const { journal, client } = this.#world;
    const closing = journal.state.dropped.get(stream)?.closing;
    if (closing === undefined) return;
    await this.#closed(closing, () => journal.state.dropped.get(stream)?.closing === undefined);
    await client.deleteTopic(this.#slots.topicOf(stream));
    await journal.commit(({ dropped }) =>
      dropped.get(stream)?.closing === undefined ? [] : [{ kind: 'forgotten', stream }],
    );
  }

  /** Resolves when nobody acknowledges by its lease what closes under a number, or it is over anyway. */
  async #closed(closing: number, isOver: () => boolean): Promise<void> {
    const { journal, clock, drains, self } = this.#world;
    drains.see(journal.state);
    const isDone = () => isDrained(journal.state, closing, { id: self.id, drained: drains.drained });
    while (!isOver() && !isDone()) {
      const left = drains.patienceLeft(closing);
      if (left <= 0) return;
      const done = new AbortController();
      await Promise.race([this.#progress.next(done.signal), clock.sleep(left, done.signal)]);
      done.abort();
    }
  }

  #stream(stream: string): PlacedStream | undefined {
    return streamIn(this.#world.journal.state, stream);
  }
}

function placeIn(state: ClusterState, { stream, shard }: ShardKey): Place | undefined {
  return streamIn(state, stream)?.places.get(shard);
}

function streamIn({ streams, dropped }: ClusterState, stream: string): PlacedStream | undefined {
  const placed = streams.get(stream);
  if (placed === undefined && dropped.has(stream)) throw new DroppedError('The stream was deleted.');
  return placed;
}
