import type { StreamAddress } from '../kinesis/arn.ts';
import type { Stream } from '../kinesis/stream.ts';

/** The control plane: all that the server knows besides the records. Never changed in place. */
export type CatalogState = {
  /** 32 bytes in hex, made once: seals iterators and page tokens. Empty until then. */
  readonly secret: string;
  /** The number of the next stream id. */
  readonly nextStream: number;
  readonly streams: ReadonlyMap<StreamKey, Stream>;
};

/** Names a stream in the state: account, region and name. */
export type StreamKey = string;

export const emptyState: CatalogState = { secret: '', nextStream: 1, streams: new Map() };

export function streamKeyOf({ account, region, name }: StreamAddress): StreamKey {
  return `${account}/${region}/${name}`;
}

export function findStream(state: CatalogState, address: StreamAddress): Stream | undefined {
  return state.streams.get(streamKeyOf(address));
}

/** The streams of an account in a region, by name in the order of code units. */
export function streamsOf(state: CatalogState, { account, region }: Omit<StreamAddress, 'name'>): Stream[] {
  return [...state.streams.values()]
    .filter((stream) => stream.account === account && stream.region === region)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
