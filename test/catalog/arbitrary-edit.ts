import fc from 'fast-check';
import type { Edit } from '../../src/catalog/edit.ts';
import { fulfil, planReshard } from '../../src/catalog/reshard.ts';
import { canHaveChannels } from '../../src/catalog/soundness.ts';
import { type CatalogState, channelKeyOf, channelsOf, streamKeyOf } from '../../src/catalog/state.ts';
import {
  type Consumer,
  type Shard,
  type Stream,
  type StreamChange,
  type StreamSettings,
  statusOf,
} from '../../src/kinesis/stream.ts';
import { anyCharacter } from '../any-character.ts';
import { sampleChannel, sampleStream, sampleTime } from '../kinesis/sample.ts';

/** Few names, so that edits meet; one more than streams are ever made with, so that some meet nothing. */
const names = ['a', 'b', 'c'];
const key = fc.constantFrom(...names, 'gone').map((name) => streamKeyOf(sampleStream(1, { name })));

type Arbitraries<Members> = { [Name in keyof Members]: fc.Arbitrary<Members[Name]> };

/** With a prototype, as JSON gives objects back. */
function record<Members extends object>(members: Arbitraries<Members>): fc.Arbitrary<Members> {
  return fc.record(members, { noNullPrototype: true }) as fc.Arbitrary<Members>;
}

function fact<Kind extends string, Members extends object>(kind: Kind, members: Arbitraries<Members>) {
  const tagged = { ...members, kind: fc.constant(kind) };
  return fc.record(tagged, { noNullPrototype: true }) as fc.Arbitrary<Members & { kind: Kind }>;
}

const time = fc.integer({ min: sampleTime, max: sampleTime + 1_000_000 });
const hashKey = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
const tags = fc.array(
  record({ key: fc.string({ unit: anyCharacter }), value: fc.string({ unit: anyCharacter }) }),
  {
    maxLength: 3,
  },
);

const settings: fc.Arbitrary<Partial<StreamSettings>> = fc.record(
  { retentionHours: fc.integer({ min: 24, max: 8760 }), trimmedBefore: time, tags },
  { noNullPrototype: true, requiredKeys: [] },
);

const change: fc.Arbitrary<StreamChange> = fc.oneof(
  fact('create', { since: time, shardCount: fc.integer({ min: 1, max: 9 }) }),
  fact('split', { since: time, shard: fc.nat(9), at: hashKey }),
  fact('merge', { since: time, shards: fc.tuple(fc.nat(9), fc.nat(9)) }),
  fact('scale', { since: time, target: fc.integer({ min: 1, max: 9 }) }),
  fact('set', { since: time, settings }),
  fact('delete', { since: time }),
);

const shard: fc.Arbitrary<Shard> = record({
  index: fc.nat(20),
  parents: fc.array(fc.nat(9), { maxLength: 2 }),
  range: record({ first: hashKey, last: hashKey }),
  createdAt: time,
});

const closed = record({
  index: fc.nat(9),
  closed: record({ at: time, end: fc.maxSafeNat(), childrenAt: time }),
});

const stream = record({
  name: fc.constantFrom(...names),
  mode: fc.constantFrom('ON_DEMAND', 'PROVISIONED'),
  shardCount: fc.integer({ min: 1, max: 3 }),
  tags,
  change,
}).map(({ shardCount, ...changes }) =>
  sampleStream(changes.change.kind === 'create' ? 0 : shardCount, {
    ...changes,
    id: changes.name,
    status: statusOf(changes.change),
  }),
);

const consumer: fc.Arbitrary<Consumer> = record({
  name: fc.constantFrom(...names),
  status: fc.constantFrom('CREATING', 'ACTIVE', 'DELETING'),
  createdAt: time,
  since: time,
  tags,
  policy: fc.option(fc.string()),
});

const channelId = fc.constantFrom('1', '2');

const channel = record({ id: channelId, of: fc.constantFrom(...names), since: time, tags }).map(
  ({ of: name, ...changes }) => sampleChannel({ ...changes, stream: { ...sampleStream(1), name } }),
);

/** Any edit but a snapshot. Most make no sense after what came before. */
export const arbitraryEdit: fc.Arbitrary<Edit> = fc.oneof(
  fact('secret-made', { secret: fc.string() }),
  fact('stream-created', { stream }),
  fact('change-begun', { key, change }),
  fact('shards-replaced', {
    key,
    closed: fc.array(closed, { maxLength: 3 }),
    opened: fc.array(shard, { maxLength: 3 }),
  }),
  fact('stream-deleted', { key }),
  fact('settings-changed', { key, settings }),
  fact('stream-settled', { key, settings }),
  fact('consumer-changed', { key, consumer }),
  fact('consumer-removed', { key, name: fc.constantFrom(...names) }),
  fact('channel-changed', { channel }),
  fact('channel-removed', { channel: channelId.map((id) => channelKeyOf(sampleChannel({ id }))) }),
  fact('account-changed', { key: fc.constantFrom('a', 'b'), account: record({ committedAt: time }) }),
  fact('shards-expired', { key, shards: fc.array(fc.nat(9)) }),
  fact('shards-skipped', { key, nextShard: fc.nat(20) }),
);

/** What a server may decide: an edit that makes sense in the state, or none. */
export const arbitraryDecision: fc.Arbitrary<(state: CatalogState) => Edit[]> = arbitraryEdit.map(
  (edit) => (state) => {
    if (edit.kind === 'channel-changed') return sensibleChannel(state, edit);
    if (edit.kind === 'stream-created' && hasChannels(state, streamKeyOf(edit.stream))) return [];
    if (isEnd(edit) && hasChannels(state, edit.key)) return [];
    const stream = 'key' in edit ? state.streams.get(edit.key) : undefined;
    return stream === undefined ? [edit] : sensible(stream, edit);
  },
);

function sensibleChannel(
  state: CatalogState,
  { kind, channel }: Extract<Edit, { kind: 'channel-changed' }>,
): Edit[] {
  const stream = state.streams.get(streamKeyOf(channel.stream));
  const before = state.channels.get(channelKeyOf(channel));
  if (stream === undefined || !canHaveChannels(stream)) return [];
  const isAnother = before !== undefined && streamKeyOf(before.stream) !== streamKeyOf(channel.stream);
  return isAnother ? [] : [{ kind, channel: { ...channel, streamId: stream.id } }];
}

function isEnd(edit: Edit): edit is Extract<Edit, { kind: 'stream-deleted' | 'change-begun' }> {
  return edit.kind === 'stream-deleted' || (edit.kind === 'change-begun' && edit.change.kind === 'delete');
}

function hasChannels(state: CatalogState, key: string): boolean {
  const stream = state.streams.get(key);
  return stream !== undefined && channelsOf(state, stream).length > 0;
}

function sensible(stream: Stream, edit: Edit): Edit[] {
  const isCreated = stream.nextShard > 0;
  switch (edit.kind) {
    case 'change-begun':
      return edit.change.kind === 'delete' || (isCreated && edit.change.kind !== 'create') ? [edit] : [];
    case 'shards-replaced':
      return [{ ...edit, ...replacement(stream, edit.opened.length + 1) }];
    case 'stream-settled':
      return isCreated ? [edit] : [];
    case 'shards-expired': {
      const closed = stream.shards.filter(
        (shard) => shard.closed !== undefined && edit.shards.includes(shard.index),
      );
      return [{ ...edit, shards: closed.map(({ index }) => index) }];
    }
    case 'shards-skipped':
      return isCreated && edit.nextShard > stream.nextShard ? [edit] : [];
    default:
      return [edit];
  }
}

/** The stream is created with so many shards, or rescaled to as many. */
function replacement(stream: Stream, target: number) {
  if (stream.nextShard === 0) return { closed: [], opened: sampleStream(target).shards };
  const plan = planReshard(stream, { kind: 'scale', since: sampleTime, target });
  return fulfil(stream, plan, new Map(plan.parents.map((index) => [index, 7])), sampleTime);
}
