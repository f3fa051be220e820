import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordHeaderBytes } from '../../../src/kinesis/record.ts';
import { cbor } from '../../../src/wire/cbor/cbor.ts';
import { putScanners, type ScannedPut } from '../../services/kinesis/parts/scanned-put.ts';
import { cborBytes, head } from '../cbor-bytes.ts';

const { PutRecords: scanAll, PutRecord: scanOne } = putScanners(cbor);
/** Parts of a body: texts in hex. */
const bytes = (...parts: string[]) => Buffer.from(parts.join(''), 'hex');

/** The key and the data of each record. */
function contents({ records }: ScannedPut): [key: string, data: string][] {
  return Array.from({ length: records.count }, (_, index) => {
    const encoded = Buffer.alloc(recordHeaderBytes + records.sizeOf(index));
    assert.ok(records.encode(index, encoded, 0));
    const key = recordHeaderBytes + encoded.readUInt16BE(4);
    return [encoded.toString('utf8', recordHeaderBytes, key), encoded.toString('utf8', key)];
  });
}

/** A short text: its length, then its characters. */
const name = (text: string) => head(3, text.length).toString('hex') + Buffer.from(text).toString('hex');
// As in RFC 8949 §3: 0x60 and the length, then the characters.
const names = {
  records: '675265636f726473',
  data: '6444617461',
  partitionKey: '6c506172746974696f6e4b6579',
  explicitHashKey: '6f4578706c69636974486173684b6579',
  streamName: '6a53747265616d4e616d65',
};
const record = bytes('a2', names.data, '4161', names.partitionKey, '616b').toString('hex');
const stream = `${names.streamName}6173`;

test('a PutRecords is plain as the Java SDK writes it: maps and lists without a length', () => {
  const body = bytes(
    ...['bf', names.records, '9f'],
    ...['bf', names.data, '4374776f', names.explicitHashKey, '6130', names.partitionKey, '6161', 'ff'],
    ...['bf', names.data, '457468726565', names.explicitHashKey, '6130', names.partitionKey, '6162', 'ff'],
    ...['ff', names.streamName, '666f7264657273', 'ff'],
  );
  const found = scanAll(body)!;
  assert.equal(found.StreamName, 'orders');
  assert.deepEqual(contents(found), [
    ['a', 'two'],
    ['b', 'three'],
  ]);
  assert.deepEqual([...found.records.hashKeys!], Array(8).fill(0));
});

test('a PutRecord is plain as the Java SDK writes it', () => {
  const body = bytes(
    ...['bf', names.streamName, '666f7264657273', names.data, '436f6e65', names.partitionKey, '6161'],
    ...[name('SequenceNumberForOrdering'), '6135', 'ff'],
  );
  const found = scanOne(body)!;
  assert.equal(found.SequenceNumberForOrdering, '5');
  assert.deepEqual(contents(found), [['a', 'one']]);
});

test('lengths may be told or not, and be written in more bytes than they need', () => {
  const request = { Records: [{ PartitionKey: 'k', Data: Buffer.from('a') }], StreamName: 's' };
  const bodies = [
    cborBytes(request, [0]),
    cborBytes(request, [1]),
    cborBytes(request, [0, 1]),
    bytes('a2', names.records, '9801', record, stream),
    bytes('b90002', names.records, '990001', record, stream),
    bytes('a2', names.records, '81a2', names.data, '580161', names.partitionKey, '7900016b', stream),
    bytes('a2', names.records, '81a2', names.data, '5a0000000161', names.partitionKey, '616b', stream),
  ];
  for (const body of bodies) assert.deepEqual(contents(scanAll(body)!), [['k', 'a']], body.toString('hex'));
});

test('data may be empty, and keys as long as the model has them', () => {
  const key = 'k'.repeat(256);
  const request = { Records: [{ PartitionKey: key, Data: Buffer.alloc(0) }] };
  assert.deepEqual(contents(scanAll(cborBytes(request, [1]))!), [[key, '']]);
  const many = {
    Records: Array.from({ length: 500 }, (_, nth) => ({ PartitionKey: `${nth}`, Data: Buffer.alloc(300) })),
  };
  for (const choice of [0, 1]) assert.equal(scanAll(cborBytes(many, [choice]))!.records.count, 500);
});

test('what is not plain is not found, wherever it stands', () => {
  const key = `${names.partitionKey}616b`;
  const data = `${names.data}4161`;
  const records = {
    'an empty map': 'a0',
    'an empty map without a length': 'bfff',
    null: 'f6',
    'a list': '80',
    'no key': `a1${data}`,
    'no data': `a1${key}`,
    'an empty key': `a2${data}${names.partitionKey}60`,
    'a key too long': `a2${data}${names.partitionKey}790101${'6b'.repeat(257)}`,
    'a key that is not ASCII': `a2${data}${names.partitionKey}62c3a9`,
    'a key that is no UTF-8': `a2${data}${names.partitionKey}61ff`,
    'a key in chunks': `a2${data}${names.partitionKey}7f616bff`,
    'a key as bytes': `a2${data}${names.partitionKey}416b`,
    'data in chunks': `a2${key}${names.data}5f4161ff`,
    'data as text': `a2${key}${names.data}6451513d3d`,
    'data that are null': `a2${key}${names.data}f6`,
    'data that are a number': `a2${key}${names.data}05`,
    'a tag': `a2${key}${names.data}d84041`,
    'a tagged map': `c1a2${key}${data}`,
    'a float': `a2${key}${names.data}f93c00`,
    'a length of eight bytes': `a2${key}${names.data}5b000000000000000161`,
    'a reserved length': `a2${key}${names.data}5c61`,
    'data twice': `a3${key}${data}${data}`,
    'a key twice': `a3${key}${key}${data}`,
    'another member': `a3${key}${data}6155f6`,
    'a name in chunks': `a2${key}7f6444617461ff4161`,
    'a name in two bytes': `a2${key}7804446174614161`,
    'an empty hash key': `a3${key}${data}${names.explicitHashKey}60`,
    'a hash key with a zero before it': `a3${key}${data}${names.explicitHashKey}623031`,
    'a hash key as a number': `a3${key}${data}${names.explicitHashKey}05`,
    'a hash key above the highest': `a3${key}${data}${names.explicitHashKey}${name(String(2n ** 128n))}`,
    'a stream among the members': `a3${key}${data}${stream}`,
    'fewer members than told': `a3${key}${data}`,
    'more members than told': `a1${key}${data}`,
    'a break in a map with a length': `a2${key}${data}ff`,
    'no break': `bf${key}${data}`,
  };
  for (const [what, odd] of Object.entries(records)) {
    for (const list of [[odd], [record, odd, record]]) {
      const items = list.join('');
      assert.equal(scanAll(bytes('a2', names.records, `8${list.length}`, items, stream)), undefined, what);
      assert.equal(scanAll(bytes('bf', names.records, '9f', items, 'ff', stream, 'ff')), undefined, what);
    }
  }
});

test('requests that are not plain are not found', () => {
  const one = `${names.records}81${record}`;
  const requests = {
    'no body': '',
    'an empty map': 'a0',
    'an empty map without a length': 'bfff',
    'no records': `a1${stream}`,
    'an empty list': `a1${names.records}80`,
    'an empty list without a length': `a1${names.records}9fff`,
    'a list': `81${record}`,
    'records twice': `a2${one}${one}`,
    'a stream twice': `a3${one}${stream}${stream}`,
    'a name too long': `a2${one}${names.streamName}7881${'73'.repeat(129)}`,
    'something behind it': `a1${one}00`,
    'a second map': `a1${one}a0`,
    'a break too many': `bf${one}ffff`,
    DryRun: `a2${one}${name('DryRun')}f4`,
    'an ordering, which PutRecords has not': `a2${one}${name('SequenceNumberForOrdering')}6135`,
    '501 records': `a1${names.records}9901f5${record.repeat(501)}`,
    'a list longer than what is in it': `a1${names.records}9a7fffffff${record}`,
  };
  for (const [what, request] of Object.entries(requests))
    assert.equal(scanAll(bytes(request)), undefined, what);
});

test('a body that ends too early is not plain, wherever it ends', () => {
  const request = {
    Records: [{ PartitionKey: 'k', Data: Buffer.alloc(300), ExplicitHashKey: '0' }],
    StreamName: 's',
  };
  for (const choice of [0, 1]) {
    const body = cborBytes(request, [choice]);
    assert.notEqual(scanAll(body), undefined);
    for (let end = 0; end < body.length; end++)
      assert.equal(scanAll(body.subarray(0, end)), undefined, `${end}`);
  }
});
