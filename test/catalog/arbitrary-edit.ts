import fc from 'fast-check';
import type { Edit } from '../../src/catalog/edit.ts';
import { streamKeyOf } from '../../src/catalog/state.ts';
import type { Consumer, Shard, StreamChange, StreamSettings } from '../../src/kinesis/stream.ts';
import { sampleStream, sampleTime } from '../kinesis/sample.ts';

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
const tags = fc.array(record({ key: fc.string({ unit: 'binary' }), value: fc.string({ unit: 'binary' }) }), {
  maxLength: 3,
});

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
  shardCount: fc.integer({ min: 1, max: 3 }),
  tags,
  change,
}).map(({ shardCount, ...changes }) => sampleStream(shardCount, changes));

const consumer: fc.Arbitrary<Consumer> = record({
  name: fc.constantFrom(...names),
  status: fc.constantFrom('CREATING', 'ACTIVE', 'DELETING'),
  createdAt: time,
  since: time,
  tags,
  policy: fc.option(fc.string()),
});

/** Any edit but a snapshot. Most make no sense after what came before; `apply` must bear them all. */
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
  fact('account-changed', { key: fc.constantFrom('a', 'b'), account: record({ committedAt: time }) }),
  fact('shards-expired', { key, shards: fc.array(fc.nat(9)) }),
);
