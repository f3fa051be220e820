import type { Millis } from '../env/clock.ts';
import type { StreamAddress } from '../kinesis/arn.ts';
import { isHidden, type Stream } from '../kinesis/stream.ts';

/** The control plane: all that the server knows besides the records. Never changed in place. */
export type CatalogState = {
  /** How many commits made it. */
  readonly version: number;
  /** 32 bytes in hex, made once: seals iterators and page tokens. Empty until then. */
  readonly secret: string;
  /** The number of the next stream id. */
  readonly nextStream: number;
  readonly streams: ReadonlyMap<StreamKey, Stream>;
  /** Accounts that have set anything, by region. */
  readonly accounts: ReadonlyMap<AccountKey, AccountSettings>;
};

/** Names an account in a region. */
export type AccountKey = string;

/** The commitment to a minimum of throughput: when it began, and when it ended or is going to. */
export type AccountSettings = {
  readonly committedAt: Millis;
  /** Undefined while there is no end in sight. */
  readonly endsAt?: Millis;
};

/** Names a stream in the state: account, region and name. */
export type StreamKey = string;

export const emptyState: CatalogState = {
  version: 0,
  secret: '',
  nextStream: 1,
  streams: new Map(),
  accounts: new Map(),
};

export function streamKeyOf({ account, region, name }: StreamAddress): StreamKey {
  return `${account}/${region}/${name}`;
}

export function accountKeyOf({ account, region }: Omit<StreamAddress, 'name'>): AccountKey {
  return `${account}/${region}`;
}

export function findStream(state: CatalogState, address: StreamAddress): Stream | undefined {
  return state.streams.get(streamKeyOf(address));
}

/** The streams of an account in a region, by name in the order of code units, without hidden ones. */
export function streamsOf(state: CatalogState, { account, region }: Omit<StreamAddress, 'name'>): Stream[] {
  return [...state.streams.values()]
    .filter((stream) => stream.account === account && stream.region === region && !isHidden(stream))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
