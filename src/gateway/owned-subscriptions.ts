import { detached, unthinkable } from '../env/detached.ts';
import { UnavailableError } from '../log/log.ts';
import type { Subscriptions } from '../stream/subscriptions.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { PeerLink } from './peer-link.ts';
import type { Peers } from './peers.ts';
import { RemoteSubscriptions } from './remote-subscriptions.ts';

type Owners = Pick<Peers, 'ownerOf' | 'changed'>;

/**
 * The subscriptions of a cluster: the gateway that owns a consumer's name says who is subscribed as it, so
 * that there is one subscription wherever its clients connect. When the name comes to another owner, so does
 * the subscription.
 */
export class OwnedSubscriptions implements Subscriptions {
  readonly #peers: Owners;
  readonly #own: Subscriptions;

  /** `own` are those that this gateway knows of: its own, and those of gateways that asked it. */
  constructor(peers: Owners, own: Subscriptions) {
    this.#peers = peers;
    this.#own = own;
  }

  async begin(consumer: string, named: string): Promise<AbortController> {
    const end = new AbortController();
    const first = await this.#beginAtOwner(consumer, named);
    detached(this.#follow(first, consumer, named, end), unthinkable);
    return end;
  }

  /** Each gateway counts its own. */
  beginTail(caller: string | undefined): AbortController | Promise<AbortController> {
    return this.#own.beginTail(caller);
  }

  /** Where nobody can be asked, this gateway decides alone. */
  async #beginAtOwner(consumer: string, named: string): Promise<Begun> {
    const { link } = this.#peers.ownerOf(consumer);
    if (link === undefined) return { at: undefined, end: await this.#own.begin(consumer, named) };
    try {
      return { at: link, end: await new RemoteSubscriptions(link.client).begin(consumer, named) };
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      return { at: undefined, end: await this.#own.begin(consumer, named) };
    }
  }

  /** Ends with the subscription at its owner, and the other way round. Moves with the ownership. */
  async #follow(first: Begun, consumer: string, named: string, end: AbortController): Promise<void> {
    for (let begun = first; ; ) {
      const leave = () => begun.end.abort(null);
      end.signal.addEventListener('abort', leave);
      if (end.signal.aborted) leave();
      await this.#overOrMoved(begun, consumer);
      end.signal.removeEventListener('abort', leave);
      if (end.signal.aborted) return;
      if (isOver(begun)) {
        end.abort(begun.end.signal.reason);
        return;
      }
      begun.end.abort(null);
      try {
        begun = await this.#beginAtOwner(consumer, named);
      } catch (error) {
        end.abort(error instanceof ServiceError ? error : null);
        return;
      }
    }
  }

  /** Resolves when it is over, or its owner is another one. */
  async #overOrMoved({ at, end }: Begun, consumer: string): Promise<void> {
    const moved = new AbortController();
    const over = () => moved.abort();
    end.signal.addEventListener('abort', over, { once: true });
    while (!end.signal.aborted && this.#peers.ownerOf(consumer).link === at) {
      await this.#peers.changed(moved.signal);
    }
    end.signal.removeEventListener('abort', over);
  }
}

/** A subscription, and whom it was begun at; undefined for this gateway. */
type Begun = { readonly at: PeerLink | undefined; readonly end: AbortController };

/**
 * Whether its owner, or the one who follows it, has ended it with or without a word. An owner that is gone
 * says nothing: its name is another's then.
 */
function isOver({ at, end: { signal } }: Begun): boolean {
  return signal.aborted && (signal.reason instanceof ServiceError || at?.client.hasEnded !== true);
}
