import type { Draft } from '../journal/state-machine.ts';
import type { Channel } from '../kinesis/channel.ts';
import { type Consumer, type Shard, type Stream, type StreamLimits, statusOf } from '../kinesis/stream.ts';
import type { ClosedShard, Edit } from './edit.ts';
import { canHaveChannels, requireNoChannels, requireSound, requireSoundChannel } from './soundness.ts';
import {
  type AccountKey,
  type AccountSettings,
  type CatalogState,
  type ChannelKey,
  channelKeyOf,
  type StreamKey,
  streamKeyOf,
} from './state.ts';

/** The state after an edit, at the same version. */
export function apply(state: CatalogState, edit: Edit): CatalogState {
  const draft = new CatalogDraft(state);
  draft.apply(edit);
  return draft.finish(state.version);
}

/**
 * A state to be changed by many edits: its maps are copied before the first of them. An edit about a stream
 * that is not there changes nothing. What an edit changes, a stream or a channel, must be sound.
 */
export class CatalogDraft implements Draft<CatalogState, Edit> {
  #state: CatalogState;
  /** Copies of the state's maps, once there was something to change. */
  #maps: CatalogMaps | undefined;

  constructor(state: CatalogState) {
    this.#state = state;
  }

  get state(): CatalogState {
    return this.#state;
  }

  apply(edit: Edit): void {
    switch (edit.kind) {
      case 'secret-made':
        this.#state = { ...this.#state, secret: edit.secret };
        break;
      case 'stream-created':
        this.#put(streamKeyOf(edit.stream), edit.stream);
        this.#state = { ...this.#state, nextStream: this.#state.nextStream + 1 };
        break;
      case 'stream-deleted':
        this.#delete(edit.key);
        break;
      case 'channel-changed':
        requireSoundChannel(this.#state, edit.channel);
        this.#own().channels.set(channelKeyOf(edit.channel), edit.channel);
        break;
      case 'channel-removed':
        this.#own().channels.delete(edit.channel);
        break;
      case 'account-changed':
        this.#own().accounts.set(edit.key, edit.account);
        break;
      case 'snapshot':
        this.#restore(edit);
        break;
      default: {
        const stream = this.#state.streams.get(edit.key);
        if (stream !== undefined) this.#put(edit.key, changed(stream, edit), stream);
      }
    }
  }

  finish(version: number): CatalogState {
    this.#maps = undefined;
    this.#state = { ...this.#state, version };
    return this.#state;
  }

  #put(key: StreamKey, stream: Stream, before?: Stream): void {
    requireSound(stream, before);
    const isChanged = stream.status !== before?.status || stream.mode !== before.mode;
    if (isChanged && !canHaveChannels(stream)) requireNoChannels(this.#state, stream);
    this.#own().streams.set(key, stream);
    if (stream.limits !== before?.limits) this.#limit(stream, stream.limits);
  }

  #delete(key: StreamKey): void {
    const stream = this.#state.streams.get(key);
    if (stream !== undefined) requireNoChannels(this.#state, stream);
    this.#own().streams.delete(key);
    if (stream?.limits !== undefined) this.#limit(stream, undefined);
  }

  #limit({ id }: Stream, limits: StreamLimits | undefined): void {
    const own = this.#own().limits;
    if (limits === undefined) own.delete(id);
    else own.set(id, limits);
  }

  #restore({ secret, nextStream, streams, accounts }: Extract<Edit, { kind: 'snapshot' }>): void {
    for (const stream of streams) requireSound(stream);
    this.#maps = {
      streams: new Map(streams.map((stream) => [streamKeyOf(stream), stream])),
      channels: new Map(),
      accounts: new Map(accounts),
      limits: new Map(streams.flatMap(({ id, limits }) => (limits === undefined ? [] : [[id, limits]]))),
    };
    this.#state = { ...this.#state, secret, nextStream, ...this.#maps };
  }

  #own(): CatalogMaps {
    if (this.#maps === undefined) {
      const { streams, channels, accounts, limits } = this.#state;
      this.#maps = {
        streams: new Map(streams),
        channels: new Map(channels),
        accounts: new Map(accounts),
        limits: new Map(limits),
      };
      this.#state = { ...this.#state, ...this.#maps };
    }
    return this.#maps;
  }
}

type CatalogMaps = {
  readonly streams: Map<StreamKey, Stream>;
  readonly channels: Map<ChannelKey, Channel>;
  readonly accounts: Map<AccountKey, AccountSettings>;
  readonly limits: Map<string, StreamLimits>;
};

type StreamEdit = Exclude<
  Extract<Edit, { readonly key: StreamKey }>,
  { kind: 'stream-deleted' | 'account-changed' }
>;

function changed(stream: Stream, edit: StreamEdit): Stream {
  switch (edit.kind) {
    case 'change-begun':
      return { ...stream, status: statusOf(edit.change), change: edit.change };
    case 'shards-replaced':
      return replaceShards(stream, edit.closed, edit.opened);
    case 'settings-changed':
      return { ...stream, ...edit.settings };
    case 'stream-settled':
      return { ...settled(stream), ...edit.settings };
    case 'limits-changed':
      return limited(stream, edit.limits);
    case 'consumer-changed':
      return withConsumer(stream, edit.consumer);
    case 'consumer-removed':
      return { ...stream, consumers: stream.consumers.filter(({ name }) => name !== edit.name) };
    case 'shards-expired':
      return withoutShards(stream, new Set(edit.shards));
    case 'shards-skipped':
      return { ...stream, nextShard: edit.nextShard };
  }
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

function limited({ limits: _, ...stream }: Stream, limits: StreamLimits | null): Stream {
  return limits === null ? stream : { ...stream, limits };
}

function withConsumer(stream: Stream, consumer: Consumer): Stream {
  const others = stream.consumers.filter(({ name }) => name !== consumer.name);
  const consumers = [...others, consumer].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...stream, consumers };
}
