import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as s from '../../src/wire/shape.ts';
import { validate } from '../../src/wire/validate.ts';
import { refusal } from './refusal.ts';

const name = s.string({ min: 1, max: 8, pattern: '[a-z.]+' });
const input = s.structure('Input', {
  StreamName: s.required(name),
  Limit: s.integer({ min: 1, max: 10000 }),
  Type: s.string({ values: ['LATEST', 'TRIM_HORIZON'] }),
  Data: s.blob({ max: 2 }),
  Records: s.list(
    s.structure('Entry', {
      PartitionKey: s.required(s.string({ min: 1, max: 4 })),
      Data: s.blob({ max: 2 }),
    }),
    { min: 1, max: 2 },
  ),
  TagKeys: s.list(s.string({ min: 1, max: 4 }), { min: 1, max: 3 }),
  Metrics: s.list(s.string({ values: ['ALL', 'NONE'] })),
  Tags: s.map(s.string({ min: 0, max: 3 }), { min: 1, max: 2, keyMin: 1, keyMax: 4 }),
  Details: s.structure('Details', { StreamMode: s.required(s.string()) }),
  Time: s.timestamp(),
  DryRun: s.boolean(),
});

const tooLong = (max: number) => `Member must have length less than or equal to ${max}`;
const tooShort = (min: number) => `Member must have length greater than or equal to ${min}`;
const fails = (path: string, value: string, constraint: string) =>
  `Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`;

const texts: [what: string, value: Record<string, unknown>, ...items: string[]][] = [
  [
    'a required member that is missing',
    { StreamName: undefined },
    fails('streamName', 'null', 'Member must not be null'),
  ],
  [
    'an empty string, which breaks the pattern too',
    { StreamName: '' },
    fails('streamName', "''", 'Member must satisfy regular expression pattern: [a-z.]+'),
    fails('streamName', "''", tooShort(1)),
  ],
  ['a string that is too long', { StreamName: 'aaaaaaaaa' }, fails('streamName', "'aaaaaaaaa'", tooLong(8))],
  [
    'a number that is too small',
    { Limit: 0 },
    fails('limit', "'0'", 'Member must have value greater than or equal to 1'),
  ],
  [
    'a number that is too large',
    { Limit: 2147483647 },
    fails('limit', "'2147483647'", 'Member must have value less than or equal to 10000'),
  ],
  [
    'a value that an enum does not have',
    { Type: 'X' },
    fails('type', "'X'", 'Member must satisfy enum value set: [LATEST, TRIM_HORIZON]'),
  ],
  [
    'a blob that is too long',
    { Data: Buffer.alloc(3) },
    fails('data', "'java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]'", tooLong(2)),
  ],
  ['an empty list', { Records: [] }, fails('records', "'[]'", tooShort(1))],
  [
    'what is wrong within a list, counted from one',
    { Records: [{ PartitionKey: 'a' }, { Data: Buffer.alloc(3) }] },
    fails('records.2.member.partitionKey', 'null', 'Member must not be null'),
    fails('records.2.member.data', "'java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]'", tooLong(2)),
  ],
  [
    'null within a list',
    { Records: [undefined] },
    fails('records.1.member', 'null', 'Member must not be null'),
  ],
  [
    'strings in a list, all constraints at once',
    { TagKeys: ['a', '', 'bbbbb'] },
    fails('tagKeys', "'[a, , bbbbb]'", `Member must satisfy constraint: [${tooLong(4)}, ${tooShort(1)}]`),
  ],
  [
    'an enum in a list',
    { Metrics: ['ALL', 'SOME'] },
    fails(
      'metrics',
      "'[ALL, SOME]'",
      'Member must satisfy constraint: [Member must satisfy enum value set: [ALL, NONE]]',
    ),
  ],
  [
    'the keys and values of a map',
    { Tags: { '': 'a', b: 'cccc' } },
    fails('tags', "'{=a, b=cccc}'", `Map keys must satisfy constraint: [${tooLong(4)}, ${tooShort(1)}]`),
    fails('tags', "'{=a, b=cccc}'", `Map value must satisfy constraint: [${tooLong(3)}, ${tooShort(0)}]`),
  ],
  ['a map that is too large', { Tags: { a: '', b: '', c: '' } }, fails('tags', "'{a=, b=, c=}'", tooLong(2))],
  [
    'what is missing within a structure',
    { Details: {} },
    fails('details.streamMode', 'null', 'Member must not be null'),
  ],
];

for (const [what, value, ...items] of texts) {
  test(`${what} is refused in AWS's words`, () => {
    const { type, message } = refusal(() => validate({ StreamName: 'a', ...value }, input));
    const errors = items.length === 1 ? '1 validation error' : `${items.length} validation errors`;
    assert.deepEqual(
      { type, message },
      { type: 'ValidationException', message: `${errors} detected: ${items.join('; ')}` },
    );
  });
}

test('a list of structures is printed as Java prints it', () => {
  const Records = ['a', 'b', 'a'].map((PartitionKey) => ({ PartitionKey }));
  const { message } = refusal(() => validate({ StreamName: 'a', Records }, input));
  const entry = String.raw`com\.amazonaws\.kinesis\.v20131202\.Entry@([0-9a-f]{1,8})`;
  const hashes = new RegExp(`Value '\\[${entry}, ${entry}, ${entry}\\]' at 'records'`).exec(message);
  assert.ok(hashes, message);
  assert.equal(hashes[1], hashes[3]);
  assert.notEqual(hashes[1], hashes[2]);
});

test('no more than ten things are reported', () => {
  const list = s.structure('Many', { Keys: s.list(s.structure('Key', { Key: s.required(s.string()) })) });
  const { message } = refusal(() => validate({ Keys: Array.from({ length: 12 }, () => ({})) }, list));
  assert.match(message, /^10 validation errors detected: /);
  assert.equal(message.split('; ').length, 10);
});

test('what keeps its shape passes', () => {
  validate(
    {
      StreamName: 'a.b',
      Limit: 10000,
      Type: 'LATEST',
      Data: Buffer.alloc(2),
      Records: [{ PartitionKey: '\u{1F600}é' }],
      TagKeys: ['a', 'b'],
      Tags: { key: '' },
      Details: { StreamMode: '' },
      Time: 0,
      DryRun: true,
    },
    input,
  );
});

test('lengths count UTF-16 units', () => {
  assert.throws(() =>
    validate({ StreamName: 'a', Records: [{ PartitionKey: '\u{1F600}'.repeat(3) }] }, input),
  );
});

test('a value is printed only so far', () => {
  const { message } = refusal(() => validate({ StreamName: 'a'.repeat(1_000_000) }, input));
  assert.ok(message.length < 100_000);
});
