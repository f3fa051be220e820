import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import type { RecordStages } from '../../../src/delivery/delivery-spec.ts';
import { openStages } from '../../../src/delivery/record/record-stages.ts';
import { aggregated } from './kpl-records.ts';
import { recordsOf } from './some-records.ts';

const none: RecordStages = { takesKplApart: false, isSchemaRegistry: false, decompresses: false };
const now = 1_700_000_999_000;

test('an aggregate of the KPL becomes its records, with their keys and their places in it', () => {
  const [first, second] = recordsOf([
    aggregated([
      ['a', 'one'],
      ['b', Buffer.alloc(300, 1)],
      ['a', ''],
    ]),
    'plain',
  ]);
  const unpacked = [...openStages({ ...none, takesKplApart: true }).unpack([first!, second!])].flat();
  assert.deepEqual(
    unpacked.map(({ data, from }) => [data.length, from.partitionKey, from.sub, from.sequenceNumber]),
    [
      [3, 'a', 0, '1000'],
      [300, 'b', 1, '1000'],
      [0, 'a', 2, '1000'],
      [5, 'key-1', undefined, '1001'],
    ],
  );
  assert.deepEqual([...openStages(none).unpack([first!])].flat(), [first]);
});

test('what only looks like an aggregate stays a record, whatever is wrong with it', () => {
  const whole = aggregated([['a', 'one']]);
  const stages = openStages({ ...none, takesKplApart: true });
  const unpack = (records: ReturnType<typeof recordsOf>) => [...stages.unpack(records)].flat();
  for (let at = 0; at < whole.length; at++) {
    const broken = Buffer.from(whole);
    broken[at]! ^= 0x10;
    assert.deepEqual(unpack(recordsOf([broken])), recordsOf([broken]));
    const cut = whole.subarray(0, at);
    assert.deepEqual(unpack(recordsOf([cut])), recordsOf([cut]));
  }
});

test('what CloudWatch Logs sends is decompressed, and with its messages alone a line for each', () => {
  const logs = {
    messageType: 'DATA_MESSAGE',
    logGroup: 'g',
    logEvents: [{ message: 'é\n2' }, { message: '' }],
  };
  const sent = [logs, { messageType: 'CONTROL_MESSAGE', logEvents: [] }].map((value) =>
    gzipSync(JSON.stringify(value)),
  );
  const whole = openStages({ ...none, decompresses: true, cloudWatchLogs: 'whole' }).before(
    recordsOf(sent),
    now,
  );
  assert.deepEqual(JSON.parse(whole.kept[0]!.data.toString()), logs);
  const messages = openStages({ ...none, decompresses: true, cloudWatchLogs: 'messages' });
  const { kept } = messages.before(recordsOf(sent), now);
  assert.deepEqual(
    kept.map(({ data }) => data.toString()),
    ['é\n2\n\n', ''],
  );
  assert.deepEqual(
    kept.map(({ original }) => original),
    sent,
  );
});

test('what is not what CloudWatch Logs sends is refused as Firehose says it, and the rest goes on', () => {
  const cut = gzipSync('{}').subarray(0, 12);
  const bad = ['plain', gzipSync('no json'), cut, gzipSync(Buffer.alloc(40 * 1024 * 1024)), ''];
  const { before } = openStages({ ...none, decompresses: true });
  const staged = before(recordsOf([...bad, gzipSync('{"a":1}')]), now);
  assert.deepEqual(
    staged.kept.map(({ data }) => data.toString()),
    ['{"a":1}'],
  );
  assert.deepEqual(
    staged.refused.map(({ kind, code, message, attempts, attemptEndedAt }) => [
      kind,
      code,
      message,
      attempts,
      attemptEndedAt,
    ]),
    bad.map(() => [
      'decompression-failed',
      'Decompression failed.',
      'Decompression failed because input data does not conform to cloudwatch log.',
      1,
      now,
    ]),
  );
  const messages = openStages({ ...none, decompresses: true, cloudWatchLogs: 'messages' });
  for (const other of [
    {},
    [],
    null,
    { messageType: 'DATA_MESSAGE' },
    { messageType: 'DATA_MESSAGE', logEvents: [1] },
  ]) {
    assert.equal(messages.before(recordsOf([gzipSync(JSON.stringify(other))]), now).refused.length, 1);
  }
});

test('records are taken apart where objects of JSON end, or at a delimiter; what is anything else stays whole', () => {
  const json = openStages({ ...none, deaggregation: { kind: 'JSON' } });
  const parts: readonly (readonly [record: string, ...parts: string[]])[] = [
    ['{"a":1}{"b":{"c":"}{\\""}}', '{"a":1}', '{"b":{"c":"}{\\""}}'],
    ['\n{"a":1} \r\n{"b":2}\n', '{"a":1}', '{"b":2}'],
    ['{"a":1}\n', '{"a":1}\n'],
    ['[{"a":1},{"b":2}]', '[{"a":1},{"b":2}]'],
    ['{"a":1}x{"b":2}', '{"a":1}x{"b":2}'],
    ['{"a":1}{"b":', '{"a":1}{"b":'],
    ['{"a":"}{"b":1}', '{"a":"}{"b":1}'],
    ['{"a\\', '{"a\\'],
    ['{}'.repeat(501), '{}'.repeat(501)],
    ['{}'.repeat(500), ...Array.from({ length: 500 }, () => '{}')],
  ];
  for (const [record, ...expected] of parts) {
    const { kept, refused } = json.before(recordsOf([record]), now);
    assert.deepEqual([kept.map(({ data }) => data.toString()), refused], [expected, []]);
  }
  const delimiter = Buffer.from('##').toString('base64');
  const delimited = openStages({ ...none, deaggregation: { kind: 'DELIMITED', delimiter } });
  const { kept } = delimited.before(recordsOf(['a##b#c####d##', 'e', `x${'##x'.repeat(500)}`]), now);
  assert.deepEqual(
    kept.map(({ data }) => data.length),
    [1, 3, 1, 1, 1501],
  );
});

test('the header of a schema registry is taken off, and what it compresses is inflated', () => {
  const id = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const plain = Buffer.concat([Buffer.from([3, 0]), id, Buffer.from('{"a":1}')]);
  const packed = Buffer.concat([Buffer.from([3, 5]), id, deflateSync('{"b":2}')]);
  const bad = [
    plain.subarray(0, 17),
    Buffer.from('{"a":1}{"a":1}{"a":1}'),
    Buffer.concat([packed.subarray(0, 18), id]),
  ];
  const unknown = Buffer.concat([Buffer.from([3, 9]), id]);
  const { before } = openStages({ ...none, isSchemaRegistry: true, validity: 'JSON' });
  const { kept, refused } = before(recordsOf([plain, packed, ...bad, unknown]), now);
  assert.deepEqual(
    kept.map(({ data }) => data.toString()),
    ['{"a":1}', '{"b":2}'],
  );
  assert.deepEqual(
    refused.map(({ kind, code }) => `${kind} ${code}`),
    Array(4).fill('channel-failed InvalidRecordFormat'),
  );
});

test('what is no JSON, or no UTF-8, is refused where that is asked for', () => {
  const broken = Buffer.from([0x22, 0xff, 0x22]);
  const records = recordsOf(['{"a": [1]}', '1', '', 'no', '{"a":1}{}', broken]);
  const json = openStages({ ...none, validity: 'JSON' }).before(records, now);
  assert.deepEqual(
    json.kept.map(({ from }) => from.offset),
    [0, 1],
  );
  const text = openStages({ ...none, validity: 'UTF8' }).before(records, now);
  assert.deepEqual(
    text.refused.map(({ record }) => record.from.offset),
    [5],
  );
});

test('a query puts partition keys to records; what it cannot is refused as Firehose says it', () => {
  const query = '{id: .id, n: .n, day: (.at | strftime("%d"))}';
  const { after } = openStages({ ...none, partitioning: { query, activeMax: 500 } });
  const bad = [
    'no json',
    '{"id":"","n":1,"at":0}',
    '{"n":1,"at":0}',
    '{"id":[1],"n":1,"at":0}',
    '{"id":"a","n":1,"at":"x"}',
  ];
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const { kept, refused } = after(recordsOf(['{"id":"a/b","n":7.50,"at":86400}', ...bad, deep]), now);
  assert.deepEqual(
    kept.map(({ queryKeys }) => queryKeys),
    [{ id: 'a/b', n: '7.5', day: '02' }],
  );
  assert.deepEqual(
    new Set(refused.map(({ kind, code }) => `${kind} ${code}`)),
    new Set(['metadata-extraction-failed DynamicPartitioning.MetadataExtractionFailed']),
  );
  const [notJson, empty, missing] = refused.map(({ message }) => message);
  assert.equal(notJson, 'Non JSON record provided');
  assert.equal(empty, 'partitionKeys values must not be null or empty');
  assert.equal(missing, empty);
});

test('an aggregate of more records than fit in memory is taken apart piece by piece', () => {
  const aggregate = aggregated(Array.from({ length: 25_000 }, (_, nth) => ['key', `${nth}`] as const));
  const pieces = [...openStages({ ...none, takesKplApart: true }).unpack(recordsOf([aggregate, 'alone']))];
  assert.deepEqual(
    pieces.map(({ length }) => length),
    [10_000, 10_000, 5_001],
  );
  const all = pieces.flat();
  assert(all.slice(0, -1).every(({ data, from }, nth) => `${data}` === `${nth}` && from.sub === nth));
});

test('as many records are refused as there may be in an aggregate', () => {
  const [record] = recordsOf([Buffer.of(0xff)]);
  const { before } = openStages({ ...none, validity: 'UTF8' });
  assert.equal(before(Array(200_000).fill(record), now).refused.length, 200_000);
});

test('a key of a query may be called like what every object has', () => {
  const query = '{"__proto__": .a, constructor: .a}';
  const { after } = openStages({ ...none, partitioning: { query, activeMax: 500 } });
  const { kept } = after(recordsOf(['{"a":"x"}']), now);
  assert.deepEqual(Object.entries(kept[0]!.queryKeys!), [
    ['__proto__', 'x'],
    ['constructor', 'x'],
  ]);
});
