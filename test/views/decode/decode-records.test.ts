import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { openDecoder } from '../../../src/views/decode/decode-records.ts';
import { aggregated } from '../../delivery/record/kpl-records.ts';
import { decodedOf, viewed } from '../records.ts';

test('what a record is, is found out record by record', () => {
  const found: readonly (readonly [Uint8Array | string, string, unknown])[] = [
    ['{"a":[1,null,true]}', 'json', { a: [1, null, true] }],
    [' 42\n', 'json', 42],
    ['"ñandú"', 'json', 'ñandú'],
    ['[2026-01-01] started', 'text', '[2026-01-01] started'],
    ['tab\tand\nline', 'text', 'tab\tand\nline'],
    ['', 'text', ''],
    [gzipSync('{"a":1}'), 'gzip json', { a: 1 }],
    [gzipSync(zstdCompressSync('plain')), 'gzip zstd text', 'plain'],
    [Buffer.from('a26161016162', 'hex'), 'hex', 'a26161016162'],
    [Buffer.from('a26161016162f5', 'hex'), 'cbor', { a: 1, b: true }],
    [Buffer.from('ff00fe', 'hex'), 'hex', 'ff00fe'],
    [Buffer.from('0102', 'hex'), 'hex', '0102'],
  ];
  for (const [data, forms, body] of found) {
    const record = decodedOf(data);
    assert.deepEqual([record.forms.join(' '), record.body, record.trouble], [forms, body, undefined]);
  }
});

test('numbers that a double does not hold are shown with all their digits', () => {
  const { body } = decodedOf(
    '{"id":12345678901234567890,"near":9007199254740993,"small":0.1000000000000000055,"big":1e400,' +
      '"same":1.50e2,"exact":0.1,"safe":9007199254740991,"text":"12345678901234567890","zero":-0.0}',
  );
  assert.deepEqual(body, {
    ...{ id: '12345678901234567890', near: '9007199254740993', small: '0.1000000000000000055', big: '1e400' },
    ...{ same: 150, exact: 0.1, safe: 9007199254740991, text: '12345678901234567890', zero: -0 },
  });
  const cbor = Buffer.from('831b002000000000000' + '13b0020000000000001' + 'c249010000000000000000', 'hex');
  assert.deepEqual(decodedOf(cbor).body, ['9007199254740993', '-9007199254740994', '18446744073709551616']);
});

test('a record of the KPL is its records, each with its key, and each decoded by itself', () => {
  const aggregate = aggregated([
    ['a', gzipSync('{"n":1}')],
    ['b', 'two'],
  ]);
  const records = [viewed('before'), viewed(aggregate, { partitionKey: 'outer' })];
  const all = [...openDecoder({ decoder: 'auto', deaggregate: true })(records)];
  assert.deepEqual(
    all.map(({ partitionKey, subSequence, forms, body }) => [partitionKey, subSequence, forms, body]),
    [
      ['key', undefined, ['text'], 'before'],
      ['a', 0, ['kpl', 'gzip', 'json'], { n: 1 }],
      ['b', 1, ['kpl', 'text'], 'two'],
    ],
  );
  assert.deepEqual(
    all.map(({ explicitHashKey }) => explicitHashKey),
    [undefined, '340282366920938463463374607431768211455', '340282366920938463463374607431768211455'],
  );
  const [whole] = [...openDecoder({ decoder: 'auto', deaggregate: false })([viewed(aggregate)])];
  assert.deepEqual(whole!.forms, ['hex']);
});

test('what is not what it was asked for is hex, with the reason', () => {
  const deep = '['.repeat(300) + ']'.repeat(300);
  const wrong: readonly (readonly [
    Uint8Array | string,
    'json' | 'text' | 'cbor' | 'avro' | 'auto',
    RegExp,
  ])[] = [
    ['{"a":', 'json', /^it is no JSON: /],
    [Buffer.from('ff', 'hex'), 'json', /^it is no UTF-8$/],
    [Buffer.from('ff', 'hex'), 'text', /^it is no UTF-8$/],
    [Buffer.from('8201', 'hex'), 'cbor', /^it ends early$/],
    [Buffer.from('0101', 'hex'), 'cbor', /^something follows behind its CBOR$/],
    [Buffer.alloc(300, 0x81), 'cbor', /^it is nested deeper than 200$/],
    [deep, 'json', /^it is nested deeper than 200$/],
    [`[${'0,'.repeat(1_000_000)}0]`, 'json', /^it holds more than a million values$/],
    ['abc', 'avro', /^it says no schema, and none is given$/],
    [gzipSync(Buffer.alloc(17 * 1024 * 1024)), 'auto', /^its gzip becomes more than 16 MiB$/],
    [gzipSync('abc').subarray(0, 15), 'auto', /^its gzip is broken$/],
    [zstdCompressSync('abc'.repeat(50)).subarray(0, 15), 'auto', /^its zstd is broken$/],
  ];
  for (const [data, decoder, trouble] of wrong) {
    const record = decodedOf(data, { decoder });
    assert.match(String(record.trouble), trouble);
    assert.equal(record.forms.at(-1), 'hex');
    assert.equal(record.body, Buffer.from(record.data).toString('hex'));
  }
});

test('whoever asks for bytes gets those that were put', () => {
  const data = gzipSync('abc');
  assert.deepEqual(decodedOf(data, { decoder: 'hex' }).body, data.toString('hex'));
  assert.deepEqual(decodedOf(data, { decoder: 'base64' }).body, data.toString('base64'));
});

test('the headers of schema registries are recognized, and said', () => {
  const schema = '{"type":"record","name":"Order","fields":[{"name":"id","type":"long"}]}';
  const avro = Buffer.from([0x54]); // 42, zigzag
  const uuid = '0123456789abcdef0123456789abcdef';
  const id = '01234567-89ab-cdef-0123-456789abcdef';
  const glue = (compression: number, payload: Buffer) =>
    Buffer.concat([Buffer.from([3, compression]), Buffer.from(uuid, 'hex'), payload]);
  const confluent = (payload: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), payload]);
  const shown = (data: Buffer, decoding: Parameters<typeof decodedOf>[1] = {}) => {
    const { forms, schemaId, body } = decodedOf(data, decoding);
    return [forms.join(' '), schemaId, body];
  };
  assert.deepEqual(shown(glue(0, Buffer.from('{"a":1}'))), ['glue json', id, { a: 1 }]);
  assert.deepEqual(shown(glue(5, deflateSync('{"a":1}')), { decoder: 'json' }), [
    'glue zlib json',
    id,
    { a: 1 },
  ]);
  assert.deepEqual(shown(glue(0, avro), { decoder: 'avro', schema }), ['glue avro', id, { id: 42 }]);
  assert.deepEqual(shown(confluent(avro), { schema }), ['confluent avro', '7', { id: 42 }]);
  assert.deepEqual(shown(avro, { decoder: 'avro', schema }), ['avro', undefined, { id: 42 }]);
  const { trouble, body } = decodedOf(glue(0, Buffer.from([0xff])));
  assert.match(trouble!, /it seems to have a schema of the Glue schema registry, 01234567-89ab/);
  assert.equal(body, glue(0, Buffer.from([0xff])).toString('hex'));
});

test('data that begins like a header by chance is read all the same', () => {
  // The first number is 0, and what follows is an id that a registry might have.
  const schema = '{"type":"array","items":"int"}';
  const items = Buffer.from([0x0c, 0, 0, 0, 0, 14, 0, 0]);
  assert.deepEqual(decodedOf(items, { decoder: 'avro', schema }).body, [0, 0, 0, 0, 7, 0]);
  const record = `{"type":"record","name":"R","fields":[${'abcdef'
    .split('')
    .map((name) => `{"name":"${name}","type":"int"}`)
    .join(',')}]}`;
  const fields = decodedOf(Buffer.from([0, 0, 0, 0, 14, 2]), { decoder: 'avro', schema: record });
  assert.deepEqual([fields.forms, Object.values(fields.body as object)], [['avro'], [0, 0, 0, 0, 7, 1]]);
});
