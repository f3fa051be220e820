import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { Offset } from '../kinesis/record.ts';
import type { Records, ShardKey } from '../log/log.ts';
import type { Subscriptions } from './subscriptions.ts';

type PollsWorld = {
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly log: Pick<Records, 'grown'>;
  readonly subscriptions: Pick<Subscriptions, 'beginTail'>;
};

/** How long, and for whom, something is waited for. */
export type Patience = {
  /** By the monotonic clock. */
  readonly until: Millis;
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal | undefined;
};

/** Calls that wait for records, in this thread. Each costs a timer and its connection. */
export class Polls {
  readonly #world: PollsWorld;
  /** Aborted when the server ends. Whoever waits first asks for it. */
  #ending: Promise<AbortSignal | undefined> | undefined;

  constructor(world: PollsWorld) {
    this.#world = world;
  }

  /**
   * Resolves when a shard may have grown past an offset; to false when it is of no use to wait on: it is
   * time, the client has gone, or the server ends. Never rejects.
   */
  async grown(key: ShardKey, past: Offset, { until, gone }: Patience): Promise<boolean> {
    const { clock, log } = this.#world;
    const ending = await this.ending();
    if (clock.monotonic() >= until || gone?.aborted || ending?.aborted) return false;
    const over = new AbortController();
    const stop = () => over.abort(null);
    for (const signal of [gone, ending]) signal?.addEventListener('abort', stop, { signal: over.signal });
    const time = clock.sleep(until - clock.monotonic(), over.signal).then(stop);
    detached(time, unthinkable);
    await log.grown(key, past, over.signal);
    const hasGrown = !over.signal.aborted;
    stop();
    return hasGrown;
  }

  /** Aborted when the server ends; undefined where that cannot be asked. */
  ending(): Promise<AbortSignal | undefined> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  /** Resolves after a moment, or as soon as it is of no use to wait on. */
  async pause({ until, gone }: Patience): Promise<void> {
    const { clock } = this.#world;
    await clock.sleep(Math.min(pauseMs, until - clock.monotonic()), gone);
  }

  /** A server that cannot be asked for its end is not waited for. */
  async #end(): Promise<AbortSignal | undefined> {
    try {
      return (await this.#world.subscriptions.beginTail(undefined)).signal;
    } catch {
      this.#ending = undefined;
      return undefined;
    }
  }
}

/** A shard that was sealed does not grow, and is closed in a moment. */
const pauseMs: Millis = 100;
