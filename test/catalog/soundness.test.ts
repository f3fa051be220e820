import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply } from '../../src/catalog/apply.ts';
import { catalogMachine, openCatalog } from '../../src/catalog/catalog.ts';
import type { Edit } from '../../src/catalog/edit.ts';
import { requireSound } from '../../src/catalog/soundness.ts';
import { channelKeyOf, emptyState, streamKeyOf } from '../../src/catalog/state.ts';
import type { Channel } from '../../src/kinesis/channel.ts';
import type { Shard, Stream } from '../../src/kinesis/stream.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { sampleChannel, sampleStream, sampleTime } from '../kinesis/sample.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

const stream = sampleStream(3);
const [first, second, third] = stream.shards as [Shard, Shard, Shard];
const key = streamKeyOf(stream);
const closed = { at: sampleTime, end: 1, childrenAt: sampleTime + 1000 };
const change = { kind: 'scale', since: sampleTime, target: 2 } as const;

const unsound: Record<string, [Partial<Stream>, RegExp]> = {
  'a gap between open shards': [{ shards: [first, third] }, /neither overlap nor leave a gap/],
  'a gap at the end': [{ shards: [first, second] }, /have all hash keys/],
  'a gap at the beginning': [{ shards: [second, third] }, /neither overlap nor leave a gap/],
  'hash keys of two open shards': [
    { shards: [first, second, third, { ...second, index: 3 }], nextShard: 4 },
    /neither overlap nor leave a gap/,
  ],
  'a shard with no hash keys': [
    {
      shards: [
        { ...first, range: { first: 0n, last: -1n } },
        { ...sampleStream(1).shards[0]!, index: 1 },
      ],
    },
    /neither overlap nor leave a gap/,
  ],
  'no shards although it serves': [{ shards: [], nextShard: 0 }, /have all hash keys/],
  'no open shards': [{ shards: stream.shards.map((shard) => ({ ...shard, closed })) }, /have all hash keys/],
  'indices that fall': [{ shards: [second, first, third] }, /indices of shards rise/],
  'an index twice': [{ shards: [first, second, { ...third, index: 1 }] }, /indices of shards rise/],
  'an index that is to come': [{ nextShard: 2 }, /has an index that none had before/],
  'a parent that is younger': [
    { shards: [{ ...first, parents: [2] }, second, third] },
    /a parent is older than its child/,
  ],
  'a parent that is open': [{ shards: [first, { ...second, parents: [0] }, third] }, /a parent is closed/],
  'a change although it is ACTIVE': [{ change }, /a status says what change is under way/],
  'no change although it is UPDATING': [{ status: 'UPDATING' }, /a status says what change is under way/],
  'another change than its status says': [
    { status: 'DELETING', change },
    /a status says what change is under way/,
  ],
};

for (const [what, [changes, sentence]] of Object.entries(unsound)) {
  test(`a stream with ${what} is never applied`, () => {
    assert.throws(() => apply(emptyState, { kind: 'stream-created', stream: { ...stream, ...changes } }), {
      name: 'AssertionError',
      message: sentence,
    });
  });
}

test('a parent may have expired, and indices may have been left out', () => {
  requireSound({
    ...stream,
    shards: [first, second, { ...third, index: 9, parents: [4, 7] }],
    nextShard: 12,
  });
});

test('a stream that is to be created has no shards, and may be deleted before it has any', () => {
  const since = sampleTime;
  const none = { shards: [], nextShard: 0 };
  requireSound({ ...stream, ...none, status: 'CREATING', change: { kind: 'create', since, shardCount: 1 } });
  requireSound({ ...stream, ...none, status: 'DELETING', change: { kind: 'delete', since } });
});

test('what is broken says of which stream', () => {
  assert.throws(() => requireSound({ ...stream, status: 'UPDATING' }), {
    message: 'the stream orders breaks a rule: a status says what change is under way',
  });
});

test('what an edit leaves alone is not looked at again', () => {
  const broken = { ...stream, shards: [first] };
  requireSound({ ...broken, retentionHours: 48 }, broken);
  assert.throws(() => requireSound({ ...broken, shards: [first] }, broken));
});

test('a decision that would make an unsound stream is refused alone, and none of its edits is kept', async () => {
  const log = openMemoryLog(new ManualClock());
  const catalog = await openCatalog(log);
  const created: Edit = { kind: 'stream-created', stream };
  const [before, refused, after] = await Promise.allSettled([
    catalog.commit(() => [created]),
    catalog.commit(() => [
      { kind: 'secret-made', secret: 'of the refused' },
      { kind: 'shards-replaced', key, closed: [], opened: [first] },
    ]),
    catalog.commit(() => [{ kind: 'settings-changed', key, settings: { retentionHours: 48 } }]),
  ]);
  assert.deepEqual([before.status, refused.status, after.status], ['fulfilled', 'rejected', 'fulfilled']);
  assert.equal(catalog.state.secret, '');
  assert.equal(catalog.state.streams.get(key)?.retentionHours, 48);
  assert.deepEqual((await openCatalog(log)).state, catalog.state);
});

const elastic = sampleStream(3, { mode: 'ON_DEMAND' });
const withChannel = [
  { kind: 'stream-created', stream: elastic },
  { kind: 'channel-changed', channel: sampleChannel() },
] as const;

function channelAfter(...edits: readonly Edit[]) {
  return () => [...withChannel, ...edits].reduce(apply, emptyState);
}

test('a stream with channels is neither deleted nor anything but on-demand', () => {
  const rule = { name: 'AssertionError', message: /a stream with channels stays, and is on-demand/ };
  const deletion = { kind: 'delete', since: sampleTime } as const;
  assert.throws(channelAfter({ kind: 'change-begun', key, change: deletion }), rule);
  assert.throws(channelAfter({ kind: 'stream-deleted', key }), rule);
  const settings = { mode: 'PROVISIONED' } as const;
  assert.throws(channelAfter({ kind: 'settings-changed', key, settings }), rule);
  const gone: Edit = { kind: 'channel-removed', channel: channelKeyOf(sampleChannel()) };
  channelAfter(gone, { kind: 'change-begun', key, change: deletion }, { kind: 'stream-deleted', key })();
});

test('a channel is of a stream that is there and stays, is the one it was, and fails for good', () => {
  const broken: readonly (readonly [RegExp, Partial<Channel>, Partial<Channel>?])[] = [
    [/its stream is there/, { stream: { ...sampleChannel().stream, name: 'other' } }],
    [/no other of the same name/, { streamId: '2' }],
    [/one that failed says why/, { status: 'FAILED' }],
    [/one that failed says why/, { reason: 'no bucket' }],
    [/failed for good/, {}, { status: 'FAILED', reason: 'no bucket' }],
    [/on its way out/, { status: 'UPDATING' }, { status: 'DELETING' }],
  ];
  for (const [message, changes, before = {}] of broken) {
    const was: Edit = { kind: 'channel-changed', channel: sampleChannel(before) };
    const edit: Edit = { kind: 'channel-changed', channel: sampleChannel(changes) };
    assert.throws(channelAfter(was, edit), { name: 'AssertionError', message });
  }
  const provisioned: Edit = { kind: 'stream-created', stream };
  assert.throws(() => [provisioned, withChannel[1]].reduce(apply, emptyState), /is on-demand/);
});

test('a snapshot has no channels in it that an older server would lose without a word', () => {
  const state = channelAfter()();
  const [whole, ...others] = catalogMachine.snapshot(state);
  assert.ok(
    !JSON.stringify(whole, (_, value) => (typeof value === 'bigint' ? '' : value)).includes('to-bucket'),
  );
  assert.deepEqual(others, [withChannel[1]]);
});
