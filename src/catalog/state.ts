import type { Millis } from '../env/clock.ts';
import type { ChannelAddress, StreamAddress } from '../kinesis/arn.ts';
import type { Channel } from '../kinesis/channel.ts';
import { isHidden, type Stream, type StreamLimits } from '../kinesis/stream.ts';

/** The control plane: all that the server knows besides the records. Never changed in place. */
export type CatalogState = {
  /** How many commits made it. */
  readonly version: number;
  /** 32 bytes in hex, made once: seals iterators and page tokens. Empty until then. */
  readonly secret: string;
  /** The number of the next stream id. */
  readonly nextStream: number;
  readonly streams: ReadonlyMap<StreamKey, Stream>;
  /** Of streams that are there. */
  readonly channels: ReadonlyMap<ChannelKey, Channel>;
  /** Accounts that have set anything, by region. */
  readonly accounts: ReadonlyMap<AccountKey, AccountSettings>;
  /** Of streams that have limits of their own, by the stream's id: for those who know no more of it. */
  readonly limits: ReadonlyMap<string, StreamLimits>;
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

/** Names a channel in the state: account, region and id. */
export type ChannelKey = string;

export const emptyState: CatalogState = {
  version: 0,
  secret: '',
  nextStream: 1,
  streams: new Map(),
  channels: new Map(),
  accounts: new Map(),
  limits: new Map(),
};

export function streamKeyOf({ account, region, name }: StreamAddress): StreamKey {
  return `${account}/${region}/${name}`;
}

export function channelKeyOf({ account, region, id }: ChannelAddress): ChannelKey {
  return `${account}/${region}/${id}`;
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

export function findChannel(state: CatalogState, address: ChannelAddress): Channel | undefined {
  return state.channels.get(channelKeyOf(address));
}

/** The channels of a stream, in whatever state. */
export function channelsOf({ channels }: CatalogState, { id }: Pick<Stream, 'id'>): Channel[] {
  return channels.size === 0 ? [] : [...channels.values()].filter(({ streamId }) => streamId === id);
}

/** The channels of an account in a region, by name in the order of code units. */
export function channelsIn(state: CatalogState, { account, region }: Omit<StreamAddress, 'name'>): Channel[] {
  return [...state.channels.values()]
    .filter((channel) => channel.account === account && channel.region === region)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
