import type { Consumer, Shard, Stream } from '../kinesis/stream.ts';
import type { ClosedShard, Edit } from './edit.ts';
import { type CatalogState, type StreamKey, streamKeyOf } from './state.ts';

/** The state after an edit. Pure and total: an edit about a stream that is not there changes nothing. */
export function apply(state: CatalogState, edit: Edit): CatalogState {
  switch (edit.kind) {
    case 'secret-made':
      return { ...state, secret: edit.secret };
    case 'stream-created':
      return {
        ...withStream(state, streamKeyOf(edit.stream), edit.stream),
        nextStream: state.nextStream + 1,
      };
    case 'change-begun':
      return update(state, edit.key, (stream) => ({
        ...stream,
        status: edit.change.kind === 'delete' ? 'DELETING' : 'UPDATING',
        change: edit.change,
      }));
    case 'shards-replaced':
      return update(state, edit.key, (stream) => replaceShards(stream, edit.closed, edit.opened));
    case 'stream-deleted': {
      const streams = new Map(state.streams);
      streams.delete(edit.key);
      return { ...state, streams };
    }
    case 'settings-changed':
      return update(state, edit.key, (stream) => ({ ...stream, ...edit.settings }));
    case 'stream-settled':
      return update(state, edit.key, (stream) => ({ ...settled(stream), ...edit.settings }));
    case 'consumer-changed':
      return update(state, edit.key, (stream) => withConsumer(stream, edit.consumer));
    case 'consumer-removed':
      return update(state, edit.key, (stream) => ({
        ...stream,
        consumers: stream.consumers.filter(({ name }) => name !== edit.name),
      }));
    case 'account-changed':
      return { ...state, accounts: new Map(state.accounts).set(edit.key, edit.account) };
    case 'shards-expired':
      return update(state, edit.key, (stream) => withoutShards(stream, new Set(edit.shards)));
    case 'snapshot':
      return {
        secret: edit.secret,
        nextStream: edit.nextStream,
        streams: new Map(edit.streams.map((stream) => [streamKeyOf(stream), stream])),
        accounts: new Map(edit.accounts),
      };
  }
}

function withStream(state: CatalogState, key: StreamKey, stream: Stream): CatalogState {
  return { ...state, streams: new Map(state.streams).set(key, stream) };
}

function update(state: CatalogState, key: StreamKey, change: (stream: Stream) => Stream): CatalogState {
  const stream = state.streams.get(key);
  return stream === undefined ? state : withStream(state, key, change(stream));
}

/** A shard may be opened and closed by the same edit: the steps between, when a stream is rescaled. */
function replaceShards(stream: Stream, closed: readonly ClosedShard[], opened: readonly Shard[]): Stream {
  const closings = new Map(closed.map((shard) => [shard.index, shard.closed]));
  const shards = [...stream.shards, ...opened].map((shard): Shard => {
    const closing = closings.get(shard.index);
    return closing === undefined ? shard : { ...shard, closed: closing };
  });
  return { ...settled(stream), shards, nextShard: stream.nextShard + opened.length };
}

function withoutShards(stream: Stream, expired: ReadonlySet<number>): Stream {
  return { ...stream, shards: stream.shards.filter(({ index }) => !expired.has(index)) };
}

function settled(stream: Stream): Stream {
  const { change: _, ...rest } = stream;
  return { ...rest, status: 'ACTIVE' };
}

function withConsumer(stream: Stream, consumer: Consumer): Stream {
  const others = stream.consumers.filter(({ name }) => name !== consumer.name);
  const consumers = [...others, consumer].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...stream, consumers };
}
