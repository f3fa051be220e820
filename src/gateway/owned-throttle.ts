import { type ShardKey, UnavailableError } from '../log/log.ts';
import type { LocalThrottle, RatesOf, Throttle } from '../stream/throttle.ts';
import { shardName } from './owned-records.ts';
import type { Peers } from './peers.ts';
import type { RecordsClient } from './records-client.ts';

/**
 * The limits of shards where each is counted by the gateway that owns it. While that cannot be reached, the
 * gateways count by themselves, each a part: see `countersOf`.
 */
export class OwnedThrottle implements Throttle {
  readonly isAtLog = true;
  readonly #peers: Pick<Peers, 'ownerOf'>;
  readonly #own: LocalThrottle;

  constructor(peers: Pick<Peers, 'ownerOf'>, own: LocalThrottle) {
    this.#peers = peers;
    this.#own = own;
  }

  isFree(stream: string): boolean {
    return this.#own.isFree(stream);
  }

  mayWrite(key: ShardKey, bytes: number): boolean {
    return this.#own.mayWrite(key, bytes);
  }

  mayRead(key: ShardKey): boolean | Promise<boolean> {
    const { link } = this.#peers.ownerOf(shardName(key));
    if (link === undefined || this.isFree(key.stream)) return this.#own.mayRead(key);
    return asked(link.client, key, 'read', () => this.#own.mayRead(key));
  }

  didRead(key: ShardKey, bytes: number): void {
    const { link } = this.#peers.ownerOf(shardName(key));
    if (link === undefined || this.isFree(key.stream)) this.#own.didRead(key, bytes);
    else link.client.tell('did-read', { ...key, bytes });
  }

  mayIterate(key: ShardKey): boolean | Promise<boolean> {
    const { link } = this.#peers.ownerOf(shardName(key));
    if (link === undefined || this.isFree(key.stream)) return this.#own.mayIterate(key);
    return asked(link.client, key, 'iterate', () => this.#own.mayIterate(key));
  }
}

/** The same in a worker of such a gateway, which has its owner count. */
export class RemoteThrottle implements Throttle {
  readonly isAtLog = true;
  readonly #owner: RecordsClient;
  readonly #ratesOf: RatesOf;

  /** `ratesOf` says what is not limited: of that nobody is asked. */
  constructor(owner: RecordsClient, ratesOf: RatesOf) {
    this.#owner = owner;
    this.#ratesOf = ratesOf;
  }

  isFree(stream: string): boolean {
    return this.#ratesOf(stream) === undefined;
  }

  mayWrite(): boolean {
    return true;
  }

  mayRead(key: ShardKey): boolean | Promise<boolean> {
    return this.isFree(key.stream) || this.#may(key, 'read');
  }

  didRead(key: ShardKey, bytes: number): void {
    if (!this.isFree(key.stream)) this.#owner.tell('did-read', { ...key, bytes });
  }

  mayIterate(key: ShardKey): boolean | Promise<boolean> {
    return this.isFree(key.stream) || this.#may(key, 'iterate');
  }

  async #may(key: ShardKey, call: 'read' | 'iterate'): Promise<boolean> {
    return (await this.#owner.ask('may', { ...key, call })).body;
  }
}

/**
 * How many gateways may count for a shard at the same time: one, its owner, and for a gateway that cannot
 * reach it, all of them.
 */
export function countersOf(peers: Pick<Peers, 'ownerOf' | 'liveCount'>): (key: ShardKey) => number {
  return (key) => (peers.ownerOf(shardName(key)).isOurs ? 1 : peers.liveCount);
}

async function asked(
  owner: RecordsClient,
  key: ShardKey,
  call: 'read' | 'iterate',
  here: () => boolean,
): Promise<boolean> {
  try {
    return (await owner.ask('may', { ...key, call })).body;
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return here();
  }
}
