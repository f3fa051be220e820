import assert from 'node:assert/strict';
import { test } from 'node:test';
import avsc from 'avsc';
import { avroForm, writeAvroFile } from '../../../src/iceberg/format/avro-file.ts';
import { ViewError } from '../../../src/views/view-error.ts';
import { decodedOf } from '../records.ts';

const schema = {
  type: 'record',
  name: 'com.example.Order',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'total', type: 'double' },
    { name: 'ratio', type: 'float' },
    { name: 'count', type: 'int' },
    { name: 'paid', type: 'boolean' },
    { name: 'state', type: { type: 'enum', name: 'State', symbols: ['OPEN', 'CLOSED'] } },
    { name: 'note', type: ['null', 'string'] },
    { name: 'tags', type: { type: 'map', values: 'int' } },
    {
      name: 'lines',
      type: {
        type: 'array',
        items: { type: 'record', name: 'Line', fields: [{ name: 'sku', type: 'string' }] },
      },
    },
    { name: 'first', type: ['null', 'Line'] },
    { name: 'seal', type: { type: 'fixed', name: 'Seal', size: 3 } },
    { name: 'blob', type: 'bytes' },
    { name: 'next', type: ['null', 'com.example.Order'] },
  ],
};

const order = {
  ...{ id: 'o-1', total: 12.5, ratio: 0.5, count: -3, paid: true, state: 'CLOSED', note: 'späti' },
  ...{ tags: { a: 1, b: -70_000 }, lines: [{ sku: 's1' }, { sku: 's2' }], first: { sku: 's1' } },
  ...{ seal: Buffer.from('abc'), blob: Buffer.from([1, 2]), next: null },
};

const shown = { ...order, seal: 'YWJj', blob: 'AQI=' };

test('a value that the reference writes is read by its schema, names and all', () => {
  const type = avsc.Type.forSchema(structuredClone(schema) as avsc.Schema, { wrapUnions: 'never' });
  const bytes = type.toBuffer({ ...order, next: { ...order, note: null } });
  const record = decodedOf(bytes, { decoder: 'avro', schema: JSON.stringify(schema) });
  assert.equal(record.trouble, undefined);
  assert.deepEqual(record.body, { ...shown, next: { ...shown, note: null } });
});

test('an object container file is read by its own schema', () => {
  const form = avroForm({
    type: 'record',
    name: 'Row',
    fields: [
      { name: 'id', type: 'long' },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
    ],
  });
  const rows = [
    { id: 9_007_199_254_740_993n, at: 1_780_000_000_123_456 },
    { id: -1n, at: -1 },
  ];
  const file = writeAvroFile({ form, metadata: {}, records: rows, sync: Buffer.alloc(16, 7) });
  const { forms, body } = decodedOf(file);
  assert.deepEqual(forms, ['avro']);
  assert.deepEqual(body, [
    { id: '9007199254740993', at: '2026-05-28T20:26:40.123456Z' },
    { id: -1, at: '1969-12-31T23:59:59.999999Z' },
  ]);
  assert.match(decodedOf(file.subarray(0, -1)).trouble!, /^it ends early$/);
});

test('dates and decimals are shown as people write them', () => {
  const read = (type: object, bytes: number[]) =>
    decodedOf(Buffer.from(bytes), { decoder: 'avro', schema: JSON.stringify(type) }).body;
  assert.equal(read({ type: 'int', logicalType: 'date' }, [2]), '1970-01-02');
  assert.equal(read({ type: 'long', logicalType: 'local-timestamp-millis' }, [2]), '1970-01-01T00:00:00.001');
  const decimal = { type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 };
  assert.equal(read(decimal, [4, 0xff, 0x38]), '-2.00');
  assert.equal(read(decimal, [2, 0x05]), '0.05');
});

test('what does not fit a schema, or counts what is not there, is hex with the reason', () => {
  const items = (type: unknown) => JSON.stringify({ type: 'array', items: type });
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['"long"', '80', /^it ends early$/],
    ['"long"', '0202', /something follows/],
    ['["null","int"]', '06', /no such branch/],
    ['{"type":"enum","name":"E","symbols":["A"]}', '02', /no such symbol/],
    // A billion of nothing, and of what is not there.
    [items('null'), '80a8d6b907', /^it holds more than a million values$/],
    [items('int'), '80a8d6b907', /^it ends early$/],
    [
      '{"type":"record","name":"R","fields":[{"name":"self","type":"R"}]}',
      '00',
      /^it is nested deeper than 200$/,
    ],
    ['"string"', '02ff', /^a text in it is no UTF-8$/],
  ];
  for (const [schemaText, hex, trouble] of wrong) {
    const record = decodedOf(Buffer.from(hex, 'hex'), { decoder: 'avro', schema: schemaText });
    assert.match(String(record.trouble), trouble, schemaText);
    assert.equal(record.body, hex);
  }
});

test('a schema that is none is refused before anything is read', () => {
  for (const text of ['{', '{"type":"nothing"}', 'nothing', '{"type":"record"}', '["int","int"]']) {
    assert.throws(
      () => decodedOf('', { decoder: 'avro', schema: text }),
      (error) => error instanceof ViewError && /^that is no Avro schema: /.test(error.message),
      text,
    );
  }
});
