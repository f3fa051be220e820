import type { Catalog } from '../catalog/catalog.ts';
import { type ChannelKey, channelKeyOf, findStream } from '../catalog/state.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { Logger } from '../env/logger.ts';
import { formatChannelArn } from '../kinesis/arn.ts';
import type { Channel } from '../kinesis/channel.ts';
import type { Stream } from '../kinesis/stream.ts';
import { dueIn } from './lifecycle.ts';

/** What has channels deliver. */
export interface ChannelActivation {
  /**
   * Makes a channel that is CREATING ready: looks at where it is to deliver to, and keeps for good where in
   * its stream it begins. Once it resolves with undefined, what is put from then on is delivered: the channel
   * may be ACTIVE. Resolves with why it never will be, in one line; rejects where that may pass. A channel
   * may be made ready again, after a crash or by another gateway: it begins where it did then.
   */
  begin(channel: Channel, stream: Stream, signal: AbortSignal): Promise<string | undefined>;
}

/** Takes channels out of CREATING, UPDATING and DELETING. The intent is in the catalog. */
export class ChannelLifecycle implements AsyncDisposable {
  readonly #world: World;
  readonly #activation: ChannelActivation;
  readonly #delay: Millis;
  readonly #closing = new AbortController();
  /** What waits for stores and catalogs, which must keep neither streams nor other channels waiting. */
  readonly #underWay = new Map<ChannelKey, Promise<void>>();

  constructor(world: World, activation: ChannelActivation, delay: Millis) {
    this.#world = world;
    this.#activation = activation;
    this.#delay = delay;
  }

  /** A `Tick`. */
  async tick(): Promise<Millis | undefined> {
    let next: Millis | undefined;
    for (const channel of this.#world.catalog.state.channels.values()) {
      const wait = await this.#take(channel);
      if (wait !== undefined) next = Math.min(next ?? wait, wait);
    }
    return next;
  }

  /** Lets what is under way end; the next start begins it again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(null);
    await Promise.all(this.#underWay.values());
  }

  /** Answers when to look at the channel again; undefined where it is on its way to nothing. */
  async #take(channel: Channel): Promise<Millis | undefined> {
    const { status, since } = channel;
    if (status === 'ACTIVE' || status === 'FAILED') return undefined;
    const wait = dueIn(since, this.#delay, this.#world.clock.now());
    if (wait > 0) return wait;
    if (status === 'CREATING') {
      this.#begin(channel);
      return againMs;
    }
    await this.#commitFor(channel, (current) => (status === 'DELETING' ? undefined : active(current)));
    return undefined;
  }

  #begin(channel: Channel): void {
    const key = channelKeyOf(channel);
    if (this.#underWay.has(key) || this.#closing.signal.aborted) return;
    const begun = this.#makeReady(channel).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, begun);
    detached(begun, unthinkable);
  }

  async #makeReady(channel: Channel): Promise<void> {
    const { catalog, logger } = this.#world;
    const { signal } = this.#closing;
    try {
      const stream = findStream(catalog.state, channel.stream);
      if (stream === undefined) return;
      const reason = await this.#activation.begin(channel, stream, signal);
      await this.#commitFor(channel, (current) =>
        reason === undefined ? active(current) : { ...current, status: 'FAILED', reason: shortened(reason) },
      );
    } catch (error) {
      if (signal.aborted) return;
      const arn = formatChannelArn(channel);
      logger.error('a channel could not be made ready, will try again', { channel: arn, error });
    }
  }

  /**
   * Commits what becomes of a channel, undefined for nothing at all, unless it is no longer on the way that
   * was seen: it may have been deleted since, or another server may have done the same work.
   */
  #commitFor(seen: Channel, become: (current: Channel) => Channel | undefined): Promise<unknown> {
    const key = channelKeyOf(seen);
    return this.#world.catalog.commit((state) => {
      const current = state.channels.get(key);
      if (current?.status !== seen.status || current.since !== seen.since) return [];
      const channel = become(current);
      return channel === undefined
        ? [{ kind: 'channel-removed', channel: key }]
        : [{ kind: 'channel-changed', channel }];
    });
  }
}

type World = { readonly catalog: Catalog; readonly clock: Clock; readonly logger: Logger };

function active(channel: Channel): Channel {
  return { ...channel, status: 'ACTIVE' };
}

/** API reference, ChannelDescription: at most 2,048 characters. */
function shortened(reason: string): string {
  return reason.slice(0, 2048);
}

/** How soon one that could not be made ready is tried again. */
const againMs: Millis = 1_000;
