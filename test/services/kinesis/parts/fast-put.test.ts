import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashKeyOf } from '../../../../src/kinesis/hash-key.ts';
import { type NewRecords, recordHeaderBytes, recordsOf } from '../../../../src/kinesis/record.ts';
import { putRecord } from '../../../../src/services/kinesis/operations/put-record.ts';
import { putRecords } from '../../../../src/services/kinesis/operations/put-records.ts';
import { cbor } from '../../../../src/wire/cbor/cbor.ts';
import type { Codec } from '../../../../src/wire/codec.ts';
import { json } from '../../../../src/wire/json/json.ts';
import { cborPutBodies, putBodies } from '../../../wire/put-bodies.ts';
import { putScanners, type ScannedPut } from './scanned-put.ts';

type Entry = { readonly PartitionKey: string; readonly Data: string; readonly ExplicitHashKey?: string };

/** The records as readers will see them; undefined when the data of one are no base64. */
function decoded(records: NewRecords): Entry[] | undefined {
  let length = 0;
  for (let index = 0; index < records.count; index++) length += recordHeaderBytes + records.sizeOf(index);
  const bytes = Buffer.alloc(length);
  for (let index = 0, at = 0; index < records.count; index++) {
    if (!records.encode(index, bytes, at)) return undefined;
    at += recordHeaderBytes + records.sizeOf(index);
  }
  const stored = [...recordsOf({ count: records.count, bytes, first: 0, arrival: 0 })];
  return stored.map(({ partitionKey, data }) => ({
    PartitionKey: partitionKey!,
    Data: (data as Buffer).toString('base64'),
  }));
}

function hashKeysOf({ count, hashKeys }: NewRecords): bigint[] {
  return Array.from({ length: count }, (_, index) =>
    hashKeys!.subarray(index * 4, index * 4 + 4).reduce((key, word) => (key << 32n) | BigInt(word), 0n),
  );
}

type Encoding = {
  readonly codec: Codec;
  readonly bodies: typeof putBodies;
  /** What a general reader finds; data as base64. */
  read(operation: 'PutRecord' | 'PutRecords', body: Buffer): Record<string, unknown>;
};

const encodings: readonly Encoding[] = [
  { codec: json, bodies: putBodies, read: (_, body) => JSON.parse(body.toString()) },
  { codec: cbor, bodies: cborPutBodies, read: readCbor },
];

function readCbor(operation: 'PutRecord' | 'PutRecords', body: Buffer): Record<string, unknown> {
  if (operation === 'PutRecord') return entryOf(cbor.decode(body, putRecord.input));
  const { Records, ...rest } = cbor.decode(body, putRecords.input);
  return { Records: Records.map(entryOf), ...rest };
}

function entryOf<T extends { readonly Data: Buffer }>({ Data, ...rest }: T) {
  return { Data: Data.toString('base64'), ...rest };
}

/** What was found must be what a general reader finds, and all of it. */
function checkFound(body: Buffer, found: ScannedPut, rest: Record<string, unknown>, entries: Entry[]): void {
  const { StreamName, StreamARN, SequenceNumberForOrdering, records } = found;
  const named = { StreamName, StreamARN, SequenceNumberForOrdering };
  const text = body.toString('latin1');
  assert.deepEqual({ ...named, ...rest }, named, text);
  assert.deepEqual(
    decoded(records),
    entries.map(({ PartitionKey, Data }) => ({ PartitionKey, Data })),
    text,
  );
  assert.deepEqual(
    hashKeysOf(records),
    entries.map(({ ExplicitHashKey, PartitionKey }) =>
      ExplicitHashKey === undefined ? hashKeyOf(PartitionKey) : BigInt(ExplicitHashKey),
    ),
  );
  for (const { Data } of entries) assert.equal(Buffer.from(Data, 'base64').toString('base64'), Data);
}

for (const { codec, bodies, read } of encodings) {
  const scan = putScanners(codec);

  test(`whatever a scan finds in a PutRecords as ${codec.contentType} is what a general reader finds`, () => {
    let tried = 0;
    let plain = 0;
    fc.assert(
      fc.property(bodies('PutRecords'), (body) => {
        tried += 1;
        const found = scan.PutRecords(body);
        if (found === undefined || decoded(found.records) === undefined) return;
        plain += 1;
        const { Records, ...rest } = read('PutRecords', body);
        checkFound(body, found, rest, Records as Entry[]);
      }),
      { numRuns: 3000 },
    );
    assert.ok(plain > tried / 20 && plain < tried, `${plain} of ${tried} were plain`);
  });

  test(`whatever a scan finds in a PutRecord as ${codec.contentType} is what a general reader finds`, () => {
    let tried = 0;
    let plain = 0;
    fc.assert(
      fc.property(bodies('PutRecord'), (body) => {
        tried += 1;
        const found = scan.PutRecord(body);
        if (found === undefined || decoded(found.records) === undefined) return;
        plain += 1;
        const { PartitionKey, Data, ExplicitHashKey, ...rest } = read('PutRecord', body) as Entry;
        checkFound(body, found, rest, [{ PartitionKey, Data, ExplicitHashKey }] as Entry[]);
      }),
      { numRuns: 3000 },
    );
    assert.ok(plain > tried / 20 && plain < tried, `${plain} of ${tried} were plain`);
  });
}

const { PutRecords: scanAll, PutRecord: scanOne } = putScanners(json);
const record = '{"PartitionKey":"k","Data":"QQ=="}';
const request = (...records: string[]) => Buffer.from(`{"Records":[${records.join()}],"StreamName":"s"}`);

test('plain requests are plain in any order and with any white space', () => {
  const bodies = [
    request(record),
    request(...Array.from({ length: 500 }, () => record)),
    Buffer.from(`{"StreamName":"s","Records":[{"Data":"","PartitionKey":"${'k'.repeat(256)}"}]}`),
    Buffer.from(
      `\n{ "StreamARN"\t: "arn:aws:kinesis:us-east-1:000000000000:stream/s" ,"Records" : [ ${record} , ${record} ]\r\n} `,
    ),
    request(
      record,
      '{"ExplicitHashKey":"340282366920938463463374607431768211455","Data":"QQ==","PartitionKey":"~"}',
    ),
  ];
  for (const body of bodies) assert.notEqual(scanAll(body), undefined, body.toString());
  const alone = '{"StreamName":"s","SequenceNumberForOrdering":"5","PartitionKey":"k","Data":"QQ=="}';
  assert.equal(scanOne(Buffer.from(alone))?.SequenceNumberForOrdering, '5');
});

test('what is not plain is not found, wherever it stands', () => {
  const records = [
    '{}',
    'null',
    '[]',
    '{"Data":"QQ=="}',
    '{"PartitionKey":"k"}',
    '{"PartitionKey":"","Data":"QQ=="}',
    `{"PartitionKey":"${'k'.repeat(257)}","Data":"QQ=="}`,
    '{"PartitionKey":"é","Data":"QQ=="}',
    '{"PartitionKey":"\\u006b","Data":"QQ=="}',
    '{"PartitionKey":"\u007f","Data":"QQ=="}',
    '{"PartitionKey":"k","Data":"QQ="}',
    '{"PartitionKey":"k","Data":"Q-=="}',
    '{"PartitionKey":"k","Data":"Q_=="}',
    '{"PartitionKey":"k","Data":null}',
    '{"PartitionKey":"k","Data":"QQ==","Data":"QQ=="}',
    '{"PartitionKey":"k","PartitionKey":"k","Data":"QQ=="}',
    '{"PartitionKey":"k","Data":"QQ==","Unknown":1}',
    '{"PartitionKey":"k","Data":"QQ==","ExplicitHashKey":""}',
    '{"PartitionKey":"k","Data":"QQ==","ExplicitHashKey":"01"}',
    '{"PartitionKey":"k","Data":"QQ==","ExplicitHashKey":"340282366920938463463374607431768211456"}',
    '{"PartitionKey":"k","Data":"QQ==","StreamName":"s"}',
    '{"PartitionKey":"k","Data":"QQ==",}',
    '{"PartitionKey":"k" "Data":"QQ=="}',
    '{"PartitionKey":"k","Data":"QQ=="',
  ];
  for (const odd of records) {
    for (const body of [request(odd), request(record, odd, record)]) {
      assert.equal(scanAll(body), undefined, body.toString());
    }
  }
  const bodies = [
    '',
    '{',
    '{}',
    '{"Records":[]}',
    `[${record}]`,
    `{"Records":[${record}]`,
    `{"Records":[${record}]}}`,
    `{${' '.repeat(1000)}"Records":[${record}]}`,
    `{"Records":[${record}],"Records":[${record}]}`,
    `{"Records":[${record}],"DryRun":false}`,
    `{"Records":[${record}],"StreamName":"s","StreamName":"s"}`,
    `{"Records":[${record}],"StreamName":"${'s'.repeat(129)}"}`,
    `{"Records":[${record}],"StreamName":""}`,
    `{"Records":[${record}],"StreamName":"s t"}`,
    `{"Records":[${record}],"StreamARN":"s"}`,
    `{"Records":[${record}],"SequenceNumberForOrdering":"5"}`,
    request(...Array.from({ length: 501 }, () => record)).toString(),
  ];
  for (const body of bodies) assert.equal(scanAll(Buffer.from(body)), undefined, body);
});

test('data that are no base64 are found out when they are decoded', () => {
  for (const data of ['A===', 'QR==', 'QUF=', '====', 'QQ==QQ==', 'Q\\Q=', 'QQ Q', 'éAA']) {
    const found = scanAll(request(`{"PartitionKey":"k","Data":"${data}"}`))!;
    assert.equal(decoded(found.records), undefined, data);
  }
});

test('records stay what they are while other bodies are scanned', () => {
  const data = (nth: number) => Buffer.alloc(60_000, `${nth}`).toString('base64');
  const entries = [1, 2, 3, 4].map((nth) => ({ PartitionKey: `key ${nth}`, Data: data(nth) }));
  const { records } = scanAll(request(...entries.map((entry) => JSON.stringify(entry))))!;
  const again = () => [decoded(records), hashKeysOf(records)];
  const before = again();
  scanAll(request(record, record, record, record, record));
  assert.deepEqual(again(), before);
  assert.deepEqual(before[0], entries);
});
