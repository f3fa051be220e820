import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openParquetObject } from '../../../src/delivery/format/parquet-object.ts';
import type { TableSchema } from '../../../src/iceberg/table-schema.ts';
import { openDuckReader } from './read-by-duckdb.ts';
import { openRows, recordsOf, usualReading } from './rows-in-parquet.ts';

const duck = await openDuckReader();
after(() => duck[Symbol.asyncDispose]());

test('a record that is no row is refused with the code and the text of Firehose, and the others are rows', async () => {
  const object = openRows({ a: 'int', b: 'array<struct<c:boolean>>' });
  const refused = await object.add(
    recordsOf(
      '{"a":1}',
      '{"a":1',
      '{"a":tru}',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
      ' \n',
      '"text"',
      '[{"a":1}]',
      '{"a":"x"}',
      '{"a":2147483648}',
      '{"a":1.5}',
      '{"b":[{"c":true},{"c":3}]}',
      '{"b":{}}',
      '{"a":2}',
    ),
  );
  assert.deepEqual(
    refused.map(
      ({ record, code, message }) =>
        `${record.from.offset} ${code.replace('DataFormatConversion.', '')}: ${message}`,
    ),
    [
      '1 ParseError: Encountered malformed JSON. Unexpected end of input at byte 6',
      '2 ParseError: Encountered malformed JSON. Unexpected character "}" at byte 8',
      '3 ParseError: Encountered malformed JSON. Invalid UTF-8',
      '4 MalformedData: The record was empty or contained only whitespace.',
      '5 MalformedData: The input JSON contained a primitive at the top level. The top level must be an object or array.',
      '6 MalformedData: Data does not match the schema. A row is no object.',
      '7 MalformedData: Data does not match the schema. Column a: x is no int.',
      '8 MalformedData: Data does not match the schema. Column a: 2147483648 is no int.',
      '9 MalformedData: Data does not match the schema. Column a: 1.5 is no int.',
      '10 MalformedData: Data does not match the schema. Column b.list.element.c: 3 is no boolean.',
      '11 MalformedData: Data does not match the schema. Column b is no array.',
    ],
  );
  assert.equal(refused[0]?.kind, 'format-conversion-failed');
  assert.equal(refused[0]?.attemptEndedAt, 1_700_000_000_000);
  assert.equal(object.records, 2);
  assert.equal(object.rawBytes, 14);
  assert.deepEqual(await duck.query(await object.finish(), 'select a from file'), [{ a: 1 }, { a: 2 }]);
});

test('a record of several documents is as many rows, or none of them', async () => {
  const object = openRows({ a: 'int' });
  const refused = await object.add(
    recordsOf('{"a":1}{"a":2}\n {"a":3}', '{"a":4}{"a":"no"}', '{"a":5}{', '{"a":6}'),
  );
  assert.deepEqual(
    refused.map(({ record }) => record.from.offset),
    [1, 2],
  );
  assert.deepEqual(
    (await duck.query(await object.finish(), 'select a from file')).map(({ a }) => a),
    [1, 2, 3, 6],
  );
  assert.equal(object.facts().rows, 4);
  assert.equal(object.records, 2);
});

test('keys find their columns as OpenX has it: without case, by mapping, with dots; the last of equal ones counts', async () => {
  const object = openRows(
    { id: 'int', ts: 'string', geo_point: 'string', nested: 'struct<inner:int>' },
    { reading: { ...usualReading, columnOfKey: { 'time.Stamp': 'ts' }, dotsBecomeUnderscores: true } },
  );
  const texts = [
    '{"ID":1,"Time.stamp":"a","ts":"unseen","geo.point":"b","Nested":{"INNER":2}}',
    '{"id":1,"iD":2,"other":{"id":9},"geo_point":"x\\u0041"}',
    '{"geo_point":"c","i\\u0064":3}',
  ];
  assert.deepEqual(await object.add(recordsOf(...texts, ...texts)), []);
  const rows = [
    { id: 1, ts: 'a', geo_point: 'b', nested: { inner: 2 } },
    { id: 2, ts: null, geo_point: 'xA', nested: null },
    { id: 3, ts: null, geo_point: 'c', nested: null },
  ];
  assert.deepEqual(await duck.query(await object.finish(), 'select * from file'), [...rows, ...rows]);
});

test('with case that counts, a key of another case is no column', async () => {
  const object = openRows({ id: 'int' }, { reading: { ...usualReading, isCaseInsensitive: false } });
  await object.add(recordsOf('{"ID":1}', '{"id":2}'));
  assert.deepEqual(await duck.query(await object.finish(), 'select * from file'), [{ id: null }, { id: 2 }]);
});

const loose = { n: 'bigint', t: 'boolean', s: 'string', at: 'timestamp' };

test('OpenX takes numbers from strings, text from anything, and moments from numbers', async () => {
  const object = openRows(loose);
  const refused = await object.add(
    recordsOf(
      { n: '12', t: 'TRUE', s: { inner: [1] }, at: 1518033528 },
      { n: 2.0, t: false, s: 1.5, at: 1518033528123 },
      '{"n":1e3,"s":true,"at":1518033528.123}',
      { at: '1518033528' },
      { at: '2017-02-07T15:13:01.39256Z' },
      { at: '2017-2-7 15:13:01.14' },
      { at: '2017-02-07T17:13:01+02:00' },
    ),
  );
  assert.deepEqual(refused, []);
  const read = await duck.query(await object.finish(), 'select * from file');
  assert.deepEqual(read.slice(0, 3), [
    { n: '12', t: true, s: '{"inner":[1]}', at: '2018-02-07 19:58:48' },
    { n: '2', t: false, s: '1.5', at: '2018-02-07 19:58:48.123' },
    { n: '1000', t: null, s: 'true', at: '2018-02-07 19:58:48.123' },
  ]);
  assert.deepEqual(
    read.slice(3).map(({ at }) => at),
    ['2018-02-07 19:58:48', '2017-02-07 15:13:01.39256', '2017-02-07 15:13:01.14', '2017-02-07 15:13:01'],
  );
});

test('Hive takes none of these, but moments by its patterns', async () => {
  const reading = {
    ...usualReading,
    serde: 'hive',
    timestampFormats: ['dd/MMM/yyyy:HH:mm:ss Z', 'millis'],
  } as const;
  const object = openRows(loose, { reading });
  const refused = await object.add(
    recordsOf(
      { n: '12' },
      { t: 'true' },
      { s: { inner: 1 } },
      { at: '10/Oct/2000:13:55:36 -0700' },
      { at: 1518033528 },
      { at: '2017-02-07 15:13:01.14' },
    ),
  );
  assert.deepEqual(
    refused.map(({ record }) => record.from.offset),
    [0, 1, 2],
  );
  assert.deepEqual(
    (await duck.query(await object.finish(), 'select "at" from file')).map(({ at }) => at),
    ['2000-10-10 20:55:36', '1970-01-18 13:40:33.528', '2017-02-07 15:13:01.14'],
  );
});

const table: TableSchema = {
  fields: [
    { id: 1, name: 'id', required: true, type: { kind: 'long' } },
    { id: 7, name: 'at', required: true, type: { kind: 'timestamptz' } },
    { id: 3, name: 'name', required: false, type: { kind: 'string' } },
    { id: 4, name: 'who', required: false, type: { kind: 'uuid' } },
    { id: 5, name: 'price', required: false, type: { kind: 'decimal', precision: 20, scale: 2 } },
    {
      id: 6,
      name: 'tags',
      required: false,
      type: { kind: 'list', elementId: 8, element: { kind: 'string' }, elementRequired: true },
    },
    { id: 9, name: 'time', required: false, type: { kind: 'time' } },
  ],
};

test('a table of Iceberg gets its ids, moments in UTC, and the facts of its columns', async () => {
  const object = openParquetObject(
    { kind: 'parquet', schema: table, compression: 'ZSTD', reading: usualReading },
    { now: () => 0 },
  );
  const refused = await object.add(
    recordsOf(
      {
        id: -2,
        at: '2026-01-01T00:00:00Z',
        name: 'a'.repeat(20),
        price: '-1.5',
        tags: ['x', 'y'],
        time: '01:02:03.5',
      },
      {
        id: 3,
        at: '2025-01-01T00:00:00Z',
        name: 'é'.repeat(20),
        who: '00112233-4455-6677-8899-AABBCCDDEEFF',
        price: 200,
      },
      { at: '2025-01-01T00:00:00Z' },
      { id: 4, at: '2025-01-01T00:00:00Z', tags: [null] },
    ),
  );
  assert.deepEqual(
    refused.map(({ message }) => message.slice(32)),
    ['Column id is required.', 'Column element is required.'],
  );
  const finished = await object.finish();
  assert.deepEqual(
    await duck
      .query(finished, 'select name, type, repetition_type, field_id, logical_type from parquet_schema(file)')
      .then((elements) => elements.map((element) => Object.values(element).join(' | '))),
    [
      'table |  |  |  | ',
      'id | INT64 | REQUIRED | 1 | ',
      'at | INT64 | REQUIRED | 7 | TimestampType(isAdjustedToUTC=1, unit=TimeUnit(MILLIS=<null>, MICROS=MicroSeconds(), NANOS=<null>))',
      'name | BYTE_ARRAY | OPTIONAL | 3 | StringType()',
      'who | FIXED_LEN_BYTE_ARRAY | OPTIONAL | 4 | UUIDType()',
      'price | FIXED_LEN_BYTE_ARRAY | OPTIONAL | 5 | DecimalType(scale=2, precision=20)',
      'tags |  | OPTIONAL | 6 | ListType()',
      'list |  | REPEATED |  | ',
      'element | BYTE_ARRAY | REQUIRED | 8 | StringType()',
      'time | INT64 | OPTIONAL | 9 | TimeType(isAdjustedToUTC=0, unit=TimeUnit(MILLIS=<null>, MICROS=MicroSeconds(), NANOS=<null>))',
    ],
  );
  assert.deepEqual(
    await duck.query(finished, 'select epoch_us("at") us, who::varchar who, price, tags, "time" from file'),
    [
      { us: '1767225600000000', who: null, price: '-1.50', tags: ['x', 'y'], time: '01:02:03.5' },
      {
        us: '1735689600000000',
        who: '00112233-4455-6677-8899-aabbccddeeff',
        price: '200.00',
        tags: null,
        time: null,
      },
    ],
  );
  const facts = object.facts();
  assert.equal(facts.rows, 2);
  assert.deepEqual(facts.splitOffsets, [4]);
  const shown = [...facts.columns].map(([id, { values, nulls, lower, upper }]) =>
    [id, values, nulls, ...[lower, upper].map((bound) => bound && Buffer.from(bound).toString('hex'))].join(
      ' ',
    ),
  );
  assert.deepEqual(shown, [
    '1 2 0 feffffffffffffff 0300000000000000',
    '7 2 0 00600cba992a0600 0040204648470600',
    `3 2 0 ${'61'.repeat(16)} ${'c3a9'.repeat(15)}c3aa`,
    '4 2 1 00112233445566778899aabbccddeeff 00112233445566778899aabbccddeeff',
    '5 2 0 ff6a 4e20',
    '8 3 1  ',
    '9 2 1 e019f0dd00000000 e019f0dd00000000',
  ]);
});

test('a row group and its pages end where the form says, and what is held is far less than what came', async () => {
  const object = openRows({ n: 'bigint', s: 'string' }, { pageBytes: 16 * 1024, blockBytes: 256 * 1024 });
  let held = 0;
  for (let from = 0; from < 30_000; from += 1_000) {
    const rows = Array.from({ length: 1_000 }, (_, n) => ({ n: from + n, s: `text ${(from + n) * 7919}` }));
    await object.add(recordsOf(...rows));
    held = Math.max(held, object.heldBytes);
  }
  assert(object.rawBytes > 900_000);
  assert(held < object.rawBytes, `${held} bytes were held of ${object.rawBytes}`);
  const [found] = await duck.query(
    await object.finish(),
    `select count(*)::int count, sum(n)::bigint total, count(distinct s)::int texts, min(s) least,
      (select count(distinct row_group_id)::int from parquet_metadata(file)) blocks from file`,
  );
  assert.equal(found?.['blocks'], object.facts().splitOffsets.length);
  assert.deepEqual(found, { count: 30_000, total: '449985000', texts: 30_000, least: 'text 0', blocks: 3 });
});

test('an object without rows is a file without rows', async () => {
  const object = openRows({ n: 'bigint' });
  assert.deepEqual(await duck.query(await object.finish(), 'select count(*)::int count from file'), [
    { count: 0 },
  ]);
  assert.equal(object.facts().rows, 0);
});
