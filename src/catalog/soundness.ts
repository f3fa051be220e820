import { strict as assert } from 'node:assert';
import { formatChannelArn } from '../kinesis/arn.ts';
import type { Channel } from '../kinesis/channel.ts';
import { type HashKey, hashKeyMax } from '../kinesis/hash-key.ts';
import { findShard, isServing, openShards, type Stream, statusOf } from '../kinesis/stream.ts';
import { type CatalogState, channelKeyOf, channelsOf, findStream } from './state.ts';

/**
 * Throws an AssertionError for a stream that must never be. What is the same as before, when the stream was
 * sound, is not looked at again.
 */
export function requireSound(stream: Stream, before?: Stream): void {
  hold(stream, stream.status === statusOf(stream.change), 'a status says what change is under way');
  const { shards, nextShard } = stream;
  if (nextShard > 0 && shards === before?.shards && nextShard === before.nextShard) return;
  requireLineage(stream);
  // Before it is created a stream has no shards, and it may be deleted before.
  if (nextShard > 0 || isServing(stream)) requirePartition(stream);
}

/** Indices rise, and a parent is older and closed, as long as it has not expired. */
function requireLineage(stream: Stream): void {
  let next = 0;
  for (const { index, parents } of stream.shards) {
    hold(stream, index >= next, 'the indices of shards rise');
    next = index + 1;
    for (const parent of parents) {
      hold(stream, parent < index, 'a parent is older than its child');
      const known = findShard(stream, parent);
      hold(stream, known === undefined || known.closed !== undefined, 'a parent is closed');
    }
  }
  hold(stream, next <= stream.nextShard, 'the next shard has an index that none had before');
}

/** Every hash key belongs to one open shard. */
function requirePartition(stream: Stream): void {
  const ranges = openShards(stream).map(({ range }) => range);
  ranges.sort((a, b) => (a.first < b.first ? -1 : 1));
  let next: HashKey = 0n;
  for (const { first, last } of ranges) {
    hold(
      stream,
      first === next && last >= first,
      'the hash keys of open shards neither overlap nor leave a gap',
    );
    next = last + 1n;
  }
  hold(stream, next === hashKeyMax + 1n, 'the open shards have all hash keys');
}

/**
 * Throws an AssertionError for a channel that must never be, in a state. What was delivered is known by the
 * channel's id and the stream's: neither they nor what they name may become others.
 */
export function requireSoundChannel(state: CatalogState, channel: Channel): void {
  const stream = findStream(state, channel.stream);
  const before = state.channels.get(channelKeyOf(channel));
  assert(stream !== undefined, broken(channel, 'its stream is there'));
  assert(stream.id === channel.streamId, broken(channel, 'its stream is no other of the same name'));
  assert(canHaveChannels(stream), broken(channel, 'its stream stays, and is on-demand'));
  assert(
    before === undefined || before.streamId === channel.streamId,
    broken(channel, 'it keeps its stream'),
  );
  assert(before?.status !== 'FAILED' || isEnding(channel), broken(channel, 'it has failed for good'));
  assert(before?.status !== 'DELETING' || isEnding(channel), broken(channel, 'it is on its way out'));
  const isExplained = channel.reason !== undefined;
  assert(isExplained === (channel.status === 'FAILED'), broken(channel, 'one that failed says why'));
}

function isEnding({ status }: Channel): boolean {
  return status === 'FAILED' || status === 'DELETING';
}

function broken(channel: Channel, rule: string): string {
  return `the channel ${formatChannelArn(channel)} breaks a rule: ${rule}`;
}

/** Whether there may be channels of a stream (API reference, CreateChannel). */
export function canHaveChannels({ status, mode }: Stream): boolean {
  return status !== 'DELETING' && mode === 'ON_DEMAND';
}

/** Throws an AssertionError when a stream has channels: it is about to be what none of them could do with. */
export function requireNoChannels(state: CatalogState, stream: Stream): void {
  hold(stream, channelsOf(state, stream).length === 0, 'a stream with channels stays, and is on-demand');
}

function hold(stream: Stream, holds: boolean, rule: string): void {
  if (!holds) assert.fail(`the stream ${stream.name} breaks a rule: ${rule}`);
}
