import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putRecords } from '../../src/services/kinesis/operations/put-records.ts';
import { cbor } from '../../src/wire/cbor/cbor.ts';
import { prepared, restored } from '../../src/wire/cloned.ts';
import { json } from '../../src/wire/json/json.ts';
import * as s from '../../src/wire/shape.ts';

const input = s.structure('Input', {
  Name: s.string(),
  Data: s.blob(),
  Tags: s.map(s.string()),
  Entries: s.list(s.structure('Entry', { Data: s.blob(), Key: s.string() })),
  Blobs: s.map(s.blob()),
  Any: s.union('Any', { Text: s.string(), Bytes: s.blob() }),
  Inner: s.lazy((): s.Shape => input),
});

/** As it comes out at the other thread. */
function sent(value: object): unknown {
  return restored(structuredClone(value, { transfer: prepared(value) }), input);
}

test('a value is after its way to another thread what its codec made', () => {
  const value = {
    Name: 'n',
    Data: 'QUJD',
    Tags: { a: 'b', constructor: 'c' },
    Entries: [{ Data: '', Key: 'k' }, { Data: 'QQ==' }, null],
    Blobs: { one: 'QUJD' },
    Any: { Bytes: 'QUJD' },
    Inner: { Inner: { Data: 'QUJD' } },
  };
  const body = Buffer.from(JSON.stringify(value));
  assert.deepEqual(sent(json.decode(body, input)), json.decode(body, input));
});

test('a key that other objects have a meaning for is a key like any other after its way, too', () => {
  const body = Buffer.from('{"Tags":{"__proto__":"x","toString":"y"}}');
  const { Tags: tags } = sent(json.decode(body, input)) as { Tags: Record<string, string> };
  assert.deepEqual(Object.entries(tags), [
    ['__proto__', 'x'],
    ['toString', 'y'],
  ]);
  assert.equal('valueOf' in tags, false);
});

test('large blobs are handed over, and small ones leave the memory that they share to others', () => {
  const large = { Data: Buffer.alloc(2 * 1024 * 1024, 'x') };
  const { Data: arrived } = sent(large) as { Data: Buffer };
  assert.equal(large.Data.length, 0);
  assert.ok(arrived.equals(Buffer.alloc(2 * 1024 * 1024, 'x')));

  const small = { Data: Buffer.from('abc') };
  assert.deepEqual(sent(small), { Data: Buffer.from('abc') });
  assert.equal(String(small.Data), 'abc');
});

test('a text that is longer than any shape allows is cut where it still is', () => {
  const { Name: name } = sent({ Name: 'n'.repeat(3_000_000) }) as { Name: string };
  assert.equal(name.length, 1_048_577);
});

test('records that are parts of one large body all arrive, and its memory is handed over once', () => {
  const data = (nth: number) => Buffer.alloc(20 * 1024, nth);
  const entries = Array.from({ length: 500 }, (_, nth) => ({ PartitionKey: `${nth}`, Data: data(nth) }));
  const { input: shape } = putRecords;
  const body = json.encode({ StreamName: 's', Records: entries }, shape);
  const value = json.decode(body, shape);
  const memory = prepared(value);
  assert.equal(memory.length, 1);
  const arrived = restored(structuredClone(value, { transfer: memory }), shape) as typeof value;
  assert.equal(arrived.StreamName, 's');
  assert.equal(arrived.Records.length, 500);
  arrived.Records.forEach(({ Data, PartitionKey }, nth) => {
    assert.equal(PartitionKey, `${nth}`);
    assert.ok(Data.equals(data(nth)), `record ${nth}`);
  });
});

test('a blob of CBOR is a view of its body, whose memory goes with it', () => {
  const body = cbor.encode({ Data: Buffer.alloc(2 * 1024 * 1024, 'x') }, input);
  const own = Buffer.concat([body]);
  assert.deepEqual(prepared(cbor.decode(own, input)), [own.buffer]);
});
