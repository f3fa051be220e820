import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { bodyPreview, hexDump } from '../../../../console/pages/records/body-text.ts';
import { hashKeyOf } from '../../../../console/pages/records/hash-key.ts';
import {
  numberBefore,
  parseRecordNumber,
  recordPath,
  shardIdIn,
} from '../../../../console/pages/records/permalink.ts';
import { parseEnd, parsePosition, timeOf } from '../../../../console/pages/records/position.ts';
import { shellWord } from '../../../../console/pages/records/snippets.ts';
import { plainView, queryOfView, tailQuery, viewOf } from '../../../../console/pages/records/view-state.ts';
import { sequenceNumberOf } from '../../../../src/kinesis/sequence-number.ts';

const now = new Date(2026, 10, 29, 18, 5, 0);

test('positions are read as people write them', () => {
  const at = (...parts: [number, number, number, number, number, number?]) =>
    new Date(...parts).toISOString();
  const expected: Record<string, string> = {
    start: 'TRIM_HORIZON',
    inicio: 'TRIM_HORIZON',
    now: 'LATEST',
    '-15m': '-15m',
    '15m ago': '-15m',
    'hace 2h': '-2h',
    '1h30m': '-5400s',
    '18:00': at(2026, 10, 29, 18, 0),
    // Still to come today.
    '18:06': at(2026, 10, 28, 18, 6),
    '2026-11-28 07:15:10': at(2026, 10, 28, 7, 15, 10),
    '2026-11-28': at(2026, 10, 28, 0, 0),
    '2026-11-28T07:15:10.250+01:00': '2026-11-28T06:15:10.250Z',
    '1764439200': '2025-11-29T18:00:00.000Z',
    '1764439200123': '2025-11-29T18:00:00.123Z',
  };
  for (const [typed, from] of Object.entries(expected)) {
    assert.deepEqual(parsePosition(typed, now), { kind: 'from', from }, typed);
  }
  for (const typed of ['soon', '25:00', '2026-13-01', '-15x', '12']) {
    assert.deepEqual(parsePosition(typed, now), { kind: 'unclear' }, typed);
  }
  const sequenceNumber = '49668899999999999999999999999999999999999999999999999998';
  assert.deepEqual(parsePosition(sequenceNumber, now), { kind: 'sequence', sequenceNumber });
});

test('an end is a time, nothing, or unclear', () => {
  assert.equal(parseEnd('', now), undefined);
  assert.equal(parseEnd('now', now), now.toISOString());
  assert.equal(parseEnd('-5m', now), new Date(2026, 10, 29, 18, 0).toISOString());
  assert.equal(parseEnd('start', now), null);
  assert.equal(timeOf('LATEST', now), undefined);
});

test("a record's address leads back to it, whatever the stream and the shard are called", () => {
  const place = { stream: 'a b/<i>', shardId: 'shardId-000000000001', sequenceNumber: '123' };
  assert.equal(recordPath(place), '/console/streams/a%20b%2F%3Ci%3E/records/shardId-000000000001/123');
  assert.deepEqual(parseRecordNumber('123.4'), { sequenceNumber: '123', subSequence: 4 });
  assert.deepEqual(parseRecordNumber('123'), { sequenceNumber: '123', subSequence: undefined });
  assert.equal(parseRecordNumber('12a'), undefined);
});

test('the number before is one that the server would read as the record before', () => {
  const shard = { index: 7, createdAt: 1_764_000_000_000 };
  const second = sequenceNumberOf(shard, 1, 1_764_000_005_000);
  assert.equal(numberBefore(second), sequenceNumberOf(shard, 0, 1_764_000_005_000));
  assert.equal(numberBefore(sequenceNumberOf(shard, 0, 1_764_000_005_000)), undefined);
  assert.equal(shardIdIn(second), 'shardId-000000000007');
});

test('hash keys are those of the MD5 of the platform, at every length of a block', () => {
  const keys = [
    '',
    'AA',
    'ñandú',
    ...[54, 55, 56, 63, 64, 65, 119, 120, 256].map((length) => 'k'.repeat(length)),
  ];
  for (const key of keys) {
    assert.equal(hashKeyOf(key), String(BigInt(`0x${createHash('md5').update(key).digest('hex')}`)), key);
  }
});

test('what is looked at is in the address, and only what is not as to begin with', () => {
  const given = (query: object) => new Map(Object.entries(query).filter(([, value]) => value !== undefined));
  assert.deepEqual(given(queryOfView(plainView)), new Map());
  const view = {
    ...plainView,
    from: '-15m',
    shards: ['shardId-000000000000', 'shardId-000000000002'],
    where: 'body.delay > 60 && key.startsWith("A&B")',
    decode: 'avro' as const,
    schema: '{"type":"string"}',
  };
  assert.deepEqual(viewOf(given(queryOfView(view))), view);
  assert.deepEqual(viewOf(new Map([['decode', 'evil']])), plainView);
  assert.deepEqual(
    given(tailQuery({ ...plainView, where: ' ' }, { isRaw: true })),
    given({ from: 'LATEST', shard: [] }),
  );
});

test('bodies are previewed on one line, with what is unseen made visible, and cut', () => {
  assert.equal(bodyPreview({ a: 1, b: ['<b>', null] }, 100), '{"a":1,"b":["<b>",null]}');
  assert.equal(bodyPreview('one\ntwo\u202e\u0000', 100), 'one␊two\\u202e␀');
  assert.equal(bodyPreview('x'.repeat(1_000_000), 10), `${'x'.repeat(10)}…`);
  const large = Array.from({ length: 100_000 }, (_, index) => index);
  assert.ok(bodyPreview(large, 50).length <= 51);
});

test('bytes are dumped as hexdump -C does', () => {
  assert.equal(
    hexDump(new TextEncoder().encode('Millrace holds records'), 0, 100),
    [
      '00000000  4d 69 6c 6c 72 61 63 65  20 68 6f 6c 64 73 20 72  |Millrace holds r|',
      '00000010  65 63 6f 72 64 73                                 |ecords|',
    ].join('\n'),
  );
});

test('a word of a shell stays one word', () => {
  assert.equal(shellWord('flights'), 'flights');
  assert.equal(shellWord("it's; rm -rf $HOME"), `'it'\\''s; rm -rf $HOME'`);
});
