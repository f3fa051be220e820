import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply } from '../../src/catalog/apply.ts';
import { openCatalog } from '../../src/catalog/catalog.ts';
import type { Edit } from '../../src/catalog/edit.ts';
import { requireRoom } from '../../src/catalog/room.ts';
import { type CatalogState, channelKeyOf, emptyState, streamKeyOf } from '../../src/catalog/state.ts';
import type { Channel } from '../../src/kinesis/channel.ts';
import { limits } from '../../src/kinesis/limits.ts';
import type { Consumer, Stream, StreamChange } from '../../src/kinesis/stream.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { sampleChannel, sampleStream, sampleTime as since } from '../kinesis/sample.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

const { server: room } = limits;
const key = streamKeyOf(sampleStream(1));

/** A state that edits made has room for `within`, and none for `beyond`. */
function checkEdge(before: readonly Edit[], within: Edit, beyond: Edit): void {
  refuses(before, beyond);
  requireRoom(stateAfter(before), [within]);
}

function refuses(before: readonly Edit[], beyond: Edit): void {
  assert.throws(() => requireRoom(stateAfter(before), [beyond]), isRefusal);
}

function isRefusal(error: unknown): boolean {
  return error instanceof ServiceError && error.type === 'LimitExceededException';
}

function stateAfter(edits: readonly Edit[]): CatalogState {
  return edits.reduce(apply, emptyState);
}

function created(name: string, changes: Partial<Stream>): Edit {
  return { kind: 'stream-created', stream: { ...sampleStream(1), name, ...changes } };
}

function creating(name: string, shardCount: number): Edit {
  const change = { kind: 'create', since, shardCount } as const;
  return created(name, { status: 'CREATING', change, shards: [], nextShard: 0 });
}

function begun(change: StreamChange): Edit {
  return { kind: 'change-begun', key, change };
}

test('streams that are being created have the shards that they will have', () => {
  const before = [creating('first', room.shardsMax - 10)];
  checkEdge(before, creating('second', 10), creating('second', 11));
  refuses([], creating('huge', 2 ** 31 - 1));
});

test('to scale a stream there must be room for all shards that come of it, also those that close again at once', () => {
  // From 2 to 4 even ranges: at most 3 cuts, of two shards each, and a merge.
  const scale = begun({ kind: 'scale', since, target: 4 });
  const stream = created('orders', { shards: sampleStream(2).shards, nextShard: 2 });
  checkEdge(
    [stream, creating('others', room.shardsMax - 9)],
    scale,
    begun({ kind: 'scale', since, target: 5 }),
  );
  refuses([stream], begun({ kind: 'scale', since, target: 2 ** 31 - 1 }));
});

test('a split needs room for two shards, a merge for one', () => {
  const stream = created('orders', { shards: sampleStream(2).shards, nextShard: 2 });
  const split = begun({ kind: 'split', since, shard: 0, at: 5n });
  const merge = begun({ kind: 'merge', since, shards: [0, 1] });
  checkEdge([stream, creating('others', room.shardsMax - 3)], merge, split);
  checkEdge([stream, creating('others', room.shardsMax - 4)], split, creating('more', 3));
  refuses([stream, creating('others', room.shardsMax - 2)], merge);
});

test('shards that closed count until they are forgotten', () => {
  const closed = { at: since, end: 0, childrenAt: since };
  const merged = sampleStream(4).shards.map((shard) => ({ ...shard, closed }));
  const shards = [...merged, { ...sampleStream(1).shards[0]!, index: 4 }];
  const before = [created('orders', { shards, nextShard: 5 }), creating('others', room.shardsMax - 6)];
  checkEdge(before, creating('more', 1), creating('more', 2));
  const forgotten: Edit = { kind: 'shards-expired', key, shards: [0, 1] };
  checkEdge([...before, forgotten], creating('more', 3), creating('more', 4));
});

test('what a stream is to be kept warm for is room that it takes', () => {
  const before = [created('orders', { shards: sampleStream(1).shards, nextShard: 1, mode: 'ON_DEMAND' })];
  const warm = (warmMiBps: number) => begun({ kind: 'set', since, settings: { warmMiBps } });
  refuses([...before, creating('others', room.shardsMax - 20)], warm(1000));
  checkEdge([...before, creating('others', room.shardsMax - 20)], warm(5), warm(20));
});

test('what is begun and done takes its room but once', () => {
  const { shards } = sampleStream(3);
  const done: Edit = { kind: 'shards-replaced', key, closed: [], opened: shards };
  checkEdge(
    [creating('orders', 3), done],
    creating('others', room.shardsMax - 3),
    creating('others', room.shardsMax - 2),
  );
});

test('what there is no room for leaves no trace in the journal, and the commits beside it are made', async () => {
  const journal = openMemoryLog(new ManualClock());
  const catalog = await openCatalog(journal);
  const commits = [
    catalog.commit(() => [creating('first', 5)]),
    catalog.commit(() => [creating('huge', room.shardsMax - 4)]),
    catalog.commit(() => [creating('last', room.shardsMax - 5)]),
  ];
  const [first, huge, last] = await Promise.allSettled(commits);
  assert.equal(first?.status, 'fulfilled');
  assert.ok(huge?.status === 'rejected' && isRefusal(huge.reason));
  assert.equal(last?.status, 'fulfilled');
  const { state } = await openCatalog(journal);
  assert.deepEqual(
    [...state.streams.values()].map(({ name }) => name),
    ['first', 'last'],
  );
});

test('consumers have an end', () => {
  const consumer = (name: string): Consumer => ({
    name,
    status: 'ACTIVE',
    createdAt: since,
    since,
    tags: [],
    policy: null,
  });
  const consumers = Array.from({ length: room.consumersMax }, (_, index) => consumer(String(index)));
  const one: Edit = { kind: 'consumer-changed', key, consumer: consumer('one') };
  const changed: Edit = { kind: 'consumer-changed', key, consumer: { ...consumer('0'), status: 'DELETING' } };
  checkEdge([created('orders', { consumers })], changed, one);
});

test('channels have an end, and those that there are go through all that is to come', () => {
  const changed = (id: string, changes: Partial<Channel> = {}): Edit => ({
    kind: 'channel-changed',
    channel: sampleChannel({ id, ...changes }),
  });
  const stream = created('orders', { mode: 'ON_DEMAND' });
  const all = Array.from({ length: room.channelsMax }, (_, index) => sampleChannel({ id: String(index) }));
  const channels = new Map(all.map((channel) => [channelKeyOf(channel), channel]));
  const state = { ...stateAfter([stream]), channels };
  requireRoom(state, [changed('0', { status: 'FAILED', reason: 'x'.repeat(2048) })]);
  assert.throws(() => requireRoom(state, [changed('one')]), isRefusal);
  const full = created('full', { id: '2', policy: 'p'.repeat(room.charactersMax - 1_000) });
  checkEdge([stream, changed('0'), full], changed('0', { status: 'DELETING' }), changed('1'));
});

test('streams have an end', () => {
  const names = Array.from({ length: room.streamsMax }, (_, index) => String(index));
  const streams = new Map(names.map((name) => [name, sampleStream(0)]));
  assert.throws(() => requireRoom({ ...emptyState, streams }, [creating('more', 1)]), isRefusal);
  streams.delete('0');
  requireRoom({ ...emptyState, streams }, [creating('more', 1)]);
});

test('accounts that have set anything have an end', () => {
  const known = Array.from(
    { length: room.accountsMax },
    (_, index) => [String(index), { committedAt: since }] as const,
  );
  const full: Edit = { kind: 'snapshot', secret: '', nextStream: 1, streams: [], accounts: known };
  const account = { committedAt: since, endsAt: since };
  checkEdge(
    [full],
    { kind: 'account-changed', key: '0', account },
    { kind: 'account-changed', key: 'new', account },
  );
});

test('tags, policies and names of keys have an end together, wherever they are', () => {
  const tags = [{ key: 'k', value: 'v'.repeat(9) }];
  const consumer: Consumer = {
    name: 'c',
    status: 'ACTIVE',
    createdAt: since,
    since,
    tags,
    policy: 'p'.repeat(10),
  };
  const before = [
    created('others', { policy: 'p'.repeat(room.charactersMax - 60), tags }),
    created('orders', { encryptionKey: 'e'.repeat(10), consumers: [consumer] }),
  ];
  const policy = (length: number): Edit => ({
    kind: 'settings-changed',
    key,
    settings: { policy: 'x'.repeat(length) },
  });
  const consumerPolicy = (length: number): Edit => ({
    kind: 'consumer-changed',
    key,
    consumer: { ...consumer, policy: 'x'.repeat(length) },
  });
  const encryption = (length: number): Edit =>
    begun({ kind: 'set', since, settings: { encryptionKey: 'x'.repeat(length) } });
  checkEdge(before, policy(20), policy(21));
  checkEdge(before, consumerPolicy(30), consumerPolicy(31));
  // The new one is there beside the old one for a while.
  checkEdge(before, encryption(20), encryption(21));
  checkEdge(
    before,
    created('more', { tags: [{ key: 'k', value: 'v'.repeat(19) }] }),
    created('more', { policy: 'p'.repeat(21) }),
  );
});
