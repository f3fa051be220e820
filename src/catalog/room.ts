import { lackOfRoom, type Measure, sum } from '../journal/room.ts';
import type { Channel } from '../kinesis/channel.ts';
import { limits } from '../kinesis/limits.ts';
import {
  type Consumer,
  openShards,
  type Stream,
  type StreamChange,
  type StreamSettings,
} from '../kinesis/stream.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { Edit } from './edit.ts';
import { type CatalogState, channelKeyOf } from './state.ts';

/**
 * LimitExceededException when the state has no room for what comes of the edits. Edits that fulfil a change
 * use the room that was taken when the change was begun.
 */
export function requireRoom(state: CatalogState, edits: readonly Edit[]): void {
  const lack = lackOfRoom(measures, state, edits);
  if (lack !== undefined) throw new ServiceError('LimitExceededException', lack);
}

const { server: room } = limits;

const measures: readonly Measure<CatalogState, Edit>[] = [
  {
    things: 'shards, closed ones included until they expire',
    max: room.shardsMax,
    held: (state) => sum(state.streams.values(), shardsOf),
    added: (state, edit) => {
      if (edit.kind === 'stream-created') return shardsOf(edit.stream);
      if (edit.kind !== 'change-begun') return 0;
      const stream = state.streams.get(edit.key);
      return stream === undefined ? 0 : shardsToCome(stream, edit.change);
    },
  },
  {
    things: 'streams',
    max: room.streamsMax,
    held: ({ streams }) => streams.size,
    added: (_, { kind }) => (kind === 'stream-created' ? 1 : 0),
  },
  {
    things: 'consumers of streams',
    max: room.consumersMax,
    held: (state) => sum(state.streams.values(), ({ consumers }) => consumers.length),
    added: (state, edit) => {
      if (edit.kind === 'stream-created') return edit.stream.consumers.length;
      return edit.kind === 'consumer-changed' && consumerBefore(state, edit) === undefined ? 1 : 0;
    },
  },
  {
    things: 'channels of streams',
    max: room.channelsMax,
    held: ({ channels }) => channels.size,
    added: ({ channels }, edit) =>
      edit.kind === 'channel-changed' && !channels.has(channelKeyOf(edit.channel)) ? 1 : 0,
  },
  {
    things: 'accounts with settings of their own',
    max: room.accountsMax,
    held: ({ accounts }) => accounts.size,
    added: ({ accounts }, edit) => (edit.kind === 'account-changed' && !accounts.has(edit.key) ? 1 : 0),
  },
  {
    things: 'characters of tags, policies, channels and names of keys',
    max: room.charactersMax,
    held: (state) =>
      sum(state.streams.values(), charactersOf) + sum(state.channels.values(), charactersOfChannel),
    added: charactersAdded,
  },
];

/** The shards that a stream has, and those that will come of its change. */
function shardsOf(stream: Stream): number {
  return stream.shards.length + (stream.change === undefined ? 0 : shardsToCome(stream, stream.change));
}

/** How many shards come of a change at most. */
function shardsToCome(stream: Stream, change: StreamChange): number {
  switch (change.kind) {
    case 'create':
      return change.shardCount;
    case 'split':
      return 2;
    case 'merge':
      return 1;
    case 'scale':
      return shardsOfScaling(openShards(stream).length, change.target);
    case 'set': {
      // An on-demand stream is scaled to it next.
      const open = openShards(stream).length;
      const warm = change.settings.warmMiBps ?? 0;
      return warm > open ? shardsOfScaling(open, warm) : 0;
    }
    case 'delete':
      return 0;
  }
}

/**
 * A cut at each bound between the new ranges makes two; the merges that follow are fewer than there were
 * shards.
 */
function shardsOfScaling(open: number, target: number): number {
  return 2 * (target - 1) + Math.max(0, open - 1);
}

function charactersAdded(state: CatalogState, edit: Edit): number {
  switch (edit.kind) {
    case 'stream-created':
      return charactersOf(edit.stream);
    case 'change-begun':
      return edit.change.kind === 'set' ? charactersIn(edit.change.settings) : 0;
    case 'settings-changed': {
      const stream = state.streams.get(edit.key);
      return stream === undefined ? 0 : charactersIn({ ...stream, ...edit.settings }) - charactersIn(stream);
    }
    case 'consumer-changed': {
      const before = consumerBefore(state, edit);
      return charactersIn(edit.consumer) - (before === undefined ? 0 : charactersIn(before));
    }
    case 'channel-changed': {
      const before = state.channels.get(channelKeyOf(edit.channel));
      return charactersOfChannel(edit.channel) - (before === undefined ? 0 : charactersOfChannel(before));
    }
    default:
      return 0;
  }
}

/** What was asked for: names, ARNs, a template. What becomes of it needs no room, as it has to come. */
function charactersOfChannel({ status: _, reason: _because, since: _then, ...asked }: Channel): number {
  return JSON.stringify(asked).length;
}

function charactersOf(stream: Stream): number {
  const { consumers, change } = stream;
  const begun = change?.kind === 'set' ? charactersIn(change.settings) : 0;
  return charactersIn(stream) + sum(consumers, charactersIn) + begun;
}

function charactersIn({ tags = [], policy, encryptionKey }: Partial<StreamSettings>): number {
  const ofTags = sum(tags, ({ key, value }) => key.length + value.length);
  return ofTags + (policy?.length ?? 0) + (encryptionKey?.length ?? 0);
}

function consumerBefore(
  { streams }: CatalogState,
  { key, consumer }: Extract<Edit, { kind: 'consumer-changed' }>,
): Consumer | undefined {
  return streams.get(key)?.consumers.find(({ name }) => name === consumer.name);
}
