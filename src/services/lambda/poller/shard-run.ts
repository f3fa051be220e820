import type { HeldPlace } from '../../../cluster/placement.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import { findShard } from '../../../kinesis/stream.ts';
import type { ShardSight } from '../mappings/mapping-sight.ts';
import { backoffMs } from './attempts.ts';
import type { PollerWorld } from './poller-world.ts';
import { ShardPoller, type ShardSurroundings } from './shard-poller.ts';
import type { ShardSubject } from './shard-subject.ts';

/** Runs a mapping's shard whenever its place is here, until all of it is done or it is stopped. */
export class ShardRun {
  readonly subject: ShardSubject;
  readonly #world: PollerWorld;
  readonly #around: Omit<ShardSurroundings, 'isOurs'>;
  readonly #stopping = new AbortController();
  #poller: ShardPoller | undefined;
  /** Resolves when nothing of it runs any more. */
  readonly ended: Promise<void>;

  constructor(world: PollerWorld, subject: ShardSubject, around: Omit<ShardSurroundings, 'isOurs'>) {
    this.#world = world;
    this.subject = subject;
    this.#around = around;
    this.ended = this.#run();
    detached(this.ended, unthinkable);
  }

  stop(): void {
    this.#stopping.abort(null);
    this.#poller?.stop();
  }

  /** The same, without waiting for long. */
  close(): void {
    this.#stopping.abort(null);
    this.#poller?.close();
  }

  /** The catalog has changed. */
  look(): void {
    this.#poller?.look();
  }

  /** Undefined while it is run elsewhere. */
  get sight(): ShardSight | undefined {
    return this.#poller?.sight;
  }

  async #run(): Promise<void> {
    const { mapping, stream, shard } = this.subject;
    const { clock, logger, placement } = this.#world;
    const { signal } = this.#stopping;
    using place = placement.hold(`lambda/${mapping.uuid}/${stream.id}/${shard.index}`);
    for (let failures = 0; !signal.aborted && this.#isToDo; ) {
      if (place.isToMove()) place.handOver();
      if (!place.isOurs()) {
        await place.changed(signal);
        continue;
      }
      try {
        await this.#poll(place);
        failures = 0;
      } catch (error) {
        logger.error('a mapping could not begin with a shard, will try again', {
          mapping: mapping.uuid,
          shardId: this.subject.shardId,
          error,
        });
        await clock.sleep(backoffMs(++failures), signal);
      }
    }
  }

  async #poll(place: HeldPlace): Promise<void> {
    const { term } = place;
    // When it has been elsewhere meanwhile, what was read for it is out of date.
    const isOurs = () => place.isOurs() && place.term === term;
    // Another gateway may have moved the cursor since this one has read.
    await this.#world.journal.current();
    if (this.#stopping.signal.aborted || !this.#isToDo) return;
    const poller = new ShardPoller(this.#world, this.subject, { ...this.#around, isOurs });
    this.#poller = poller;
    const over = new AbortController();
    detached(stopElsewhere(poller, place, isOurs, over.signal), unthinkable);
    try {
      await poller.run();
    } finally {
      over.abort(null);
      this.#poller = undefined;
    }
  }

  get #isToDo(): boolean {
    const { cursorKey, mapping, shard } = this.subject;
    const { state } = this.#world.journal;
    const stream = this.#around.stream();
    if (stream === undefined || findShard(stream, shard.index) === undefined) return false;
    if (state.get('mapping', mapping.uuid) === undefined) return false;
    return state.get('cursor', cursorKey)?.isFinished !== true;
  }
}

/** What runs elsewhere, or is to, is not gone on with. */
async function stopElsewhere(
  poller: ShardPoller,
  place: HeldPlace,
  isOurs: () => boolean,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted && isOurs() && !place.isToMove()) await place.changed(over);
  if (!over.aborted) poller.stop();
}
