import type { HeldPlace } from '../../cluster/placement.ts';
import { Bell } from '../../env/bell.ts';
import type { Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Stream } from '../../kinesis/stream.ts';
import type { DeliverySpec } from '../delivery-spec.ts';
import type { DeliverySight, DeliveryWorld } from '../delivery-world.ts';
import { type GivenUp, GivenUpError, givenUpWith } from '../destination/given-up.ts';
import type { FormatterThread } from '../formatter/formatter-thread.ts';
import { SourceGoneError } from '../source/source-reader.ts';
import { countTrouble } from './delivery-counts.ts';
import { DeliveryMeter } from './delivery-meter.ts';
import { DeliveryRun } from './delivery-run.ts';
import { againMs } from './insistence.ts';
import { oldestWaiting } from './oldest-waiting.ts';
import { LostDeliveryError } from './progress-fact.ts';
import { sourceOf } from './run-parts.ts';

/** A delivery as it runs here whenever its place is here, until it is not wanted any more. */
export class RunningDelivery {
  readonly #world: DeliveryWorld;
  readonly #formatter: FormatterThread;
  readonly #meter: DeliveryMeter;
  readonly #bell: Bell;
  readonly #ended: Promise<void>;
  #spec: DeliverySpec;
  /** As it was when it was looked at last. */
  #source: Stream | undefined;
  #run: { readonly run: DeliveryRun; readonly revision: string } | undefined;
  #givenUp: GivenUp | undefined;
  #state: DeliverySight['state'] = 'waiting';
  #reason: string | undefined;
  #isWanted = true;
  /** All is delivered that is to be. */
  #isOver = false;
  #isIdle = false;

  /** `nudge` is told once nothing of it runs any more. */
  constructor(world: DeliveryWorld, formatter: FormatterThread, spec: DeliverySpec, nudge: () => void) {
    this.#world = world;
    this.#formatter = formatter;
    this.#spec = spec;
    this.#meter = new DeliveryMeter(world.clock);
    this.#bell = new Bell(world.clock);
    const live = async () => {
      await this.#live();
      this.#isIdle = true;
      nudge();
    };
    this.#ended = live();
    detached(this.#ended, unthinkable);
  }

  /** What is wanted may have changed, or the catalog; undefined when it is not wanted any more. */
  look(spec: DeliverySpec | undefined): void {
    if (spec === undefined) {
      this.#isWanted = false;
      this.#run?.run.stop();
    } else {
      const source = sourceOf({ world: this.#world, spec });
      const isNews = spec.revision !== this.#spec.revision || source !== this.#source;
      this.#spec = spec;
      this.#source = source;
      // Of many deliveries all are asked whenever one stream changes.
      if (!isNews) return;
      if (this.#run !== undefined && this.#run.revision !== spec.revision) this.#run.run.finish();
      this.#run?.run.look();
    }
    this.#bell.ring();
  }

  /** Begins nothing more, and lets what is being put be put for a while. */
  async close(): Promise<void> {
    this.#isWanted = false;
    this.#run?.run.settle();
    this.#bell.ring();
    const over = new AbortController();
    const late = this.#world.clock.sleep(drainMs, over.signal).then(() => this.#run?.run.stop());
    await this.#ended;
    over.abort(null);
    await late;
  }

  get isIdle(): boolean {
    return this.#isIdle;
  }

  get sight(): DeliverySight {
    const { id, owner, destination } = this.#spec;
    const trouble = this.#state === 'running' ? this.#meter.trouble : undefined;
    const hindered = this.#meter.isFinal ? 'suspended' : 'failing';
    const state = trouble === undefined ? this.#state : hindered;
    const doneAt = this.#world.journal.state.get('progress', id)?.doneAt;
    const reason = trouble ?? this.#reason;
    return { id, owner, destination: destination.kind, state, reason, ...this.#meter.sight, doneAt };
  }

  /** Looks up how old what waits is, where it is not being read. Never rejects. */
  async lookAround(): Promise<void> {
    if (this.#state === 'over' || (this.#state === 'running' && this.#meter.trouble === undefined)) return;
    const { world, spec } = { world: this.#world, spec: this.#spec };
    try {
      const oldest = await oldestWaiting({ world, spec });
      if (this.#run === undefined) this.#meter.noteWaiting(oldest);
    } catch (error) {
      world.logger.warn('it is not known how old what a delivery waits for is', { delivery: spec.id, error });
    }
  }

  async #live(): Promise<void> {
    const place = this.#world.placement.hold(`delivery/${this.#spec.id}`);
    using _held = place;
    for (let failures = 0; this.#isWanted; ) {
      if (place.isToMove()) place.handOver();
      if (!place.isOurs()) {
        this.#say('elsewhere');
        await this.#untilPlaced(place);
        continue;
      }
      if (this.#isOver) {
        await this.#rest('over');
        continue;
      }
      if (this.#world.objects === undefined) {
        await this.#rest('waiting', 'It is not said where the store of objects is.');
        continue;
      }
      const refusal = this.#world.rights.refusalOf(this.#spec);
      if (refusal !== undefined) {
        await this.#rest('waiting', refusal);
        continue;
      }
      try {
        this.#isOver = await this.#attempt(place);
        failures = 0;
      } catch (error) {
        if (error instanceof GivenUpError) this.#givenUp = givenUpWith(this.#givenUp, error);
        else await this.#hindered(error, failures++);
      }
    }
  }

  async #attempt(place: HeldPlace): Promise<boolean> {
    const { term } = place;
    // When it has been elsewhere meanwhile, what is known here is out of date.
    const isOurs = () => place.isOurs() && place.term === term;
    // Another gateway may have gone on with it since this one has read.
    await this.#world.journal.current();
    if (!this.#isWanted) return false;
    const spec = this.#spec;
    const run = new DeliveryRun({
      ...{ world: this.#world, formatter: this.#formatter, spec, meter: this.#meter },
      ...{ givenUp: this.#givenUp, isOurs },
    });
    this.#run = { run, revision: spec.revision };
    const over = new AbortController();
    detached(stopElsewhere(run, place, isOurs, over.signal), unthinkable);
    this.#say('running');
    try {
      return await run.run();
    } finally {
      over.abort(null);
      this.#run = undefined;
    }
  }

  async #hindered(error: unknown, failures: number): Promise<void> {
    const { logger, clock } = this.#world;
    const delivery = this.#spec.id;
    if (error instanceof SourceGoneError) return await this.#rest('suspended', error.message);
    if (error instanceof LostDeliveryError)
      logger.info('a delivery was gone on with elsewhere', { delivery, error });
    else {
      this.#say('failing', messageOf(error));
      logger.error('a delivery could not go on, will try again', { delivery, error });
      await this.lookAround();
      countTrouble({ world: this.#world, spec: this.#spec, meter: this.#meter });
    }
    await this.#untilAgain(clock.monotonic() + againMs(failures));
  }

  /** A catalog that changes all the time is no reason to try again sooner; another spec is. */
  async #untilAgain(at: Millis): Promise<void> {
    const { revision } = this.#spec;
    const isToWait = () => this.#isWanted && this.#spec.revision === revision;
    while (isToWait() && this.#world.clock.monotonic() < at) await this.#bell.wait(at);
  }

  /** Until something is said to have changed. */
  async #rest(state: DeliverySight['state'], reason?: string): Promise<void> {
    this.#say(state, reason);
    if (this.#isWanted) await this.#bell.wait();
  }

  async #untilPlaced(place: HeldPlace): Promise<void> {
    const over = new AbortController();
    const changed = place.changed(over.signal).then(() => {
      if (!over.signal.aborted) this.#bell.ring();
    });
    if (this.#isWanted) await this.#bell.wait();
    over.abort(null);
    await changed;
  }

  #say(state: DeliverySight['state'], reason?: string): void {
    this.#state = state;
    this.#reason = reason;
  }
}

/** What runs elsewhere is not gone on with; what is to, comes to a good end first. */
async function stopElsewhere(
  run: DeliveryRun,
  place: HeldPlace,
  isOurs: () => boolean,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted && isOurs() && !place.isToMove()) await place.changed(over);
  if (over.aborted) return;
  if (isOurs()) run.settle();
  else run.stop();
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]!;
}

/** How long what is being put may take once the server closes. */
const drainMs: Millis = 5_000;
