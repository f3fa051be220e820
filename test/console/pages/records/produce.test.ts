import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { JsonValues } from '../../../../console/pages/records/json-values.ts';
import {
  bytesOfBase64,
  inspectInput,
  type KeyChoice,
  type NewRecord,
  recordsIn,
  type Unusable,
} from '../../../../console/pages/records/produce-input.ts';
import { type PutRecordsEntry, type Putting, putAll } from '../../../../console/pages/records/put-all.ts';
import { sampleFlights } from '../../../../console/pages/records/sample-data.ts';

const byOrigin: KeyChoice = { kind: 'field', path: 'origin' };

test('the flights of vega-datasets are records, from JSON and from CSV, wherever the pieces are cut', async () => {
  const json = readFileSync('node_modules/vega-datasets/data/flights-2k.json', 'utf8');
  assert.deepEqual(inspectInput(json.slice(0, 1000)), {
    format: 'json',
    fields: ['date', 'delay', 'distance', 'origin', 'destination'],
  });
  const flights = await allOf(recordsIn(cut(json, 997), 'json', byOrigin, String));
  assert.equal(flights.length, 2000);
  assert.deepEqual(shown(flights[0]!), [
    'LAX',
    '{"date":"2001/01/01 06:55","delay":-19,"distance":1797,"origin":"LAX","destination":"BNA"}',
  ]);
  const csv = readFileSync('node_modules/vega-datasets/data/flights-airport.csv', 'utf8');
  assert.deepEqual(inspectInput(csv.slice(0, 1000)), {
    format: 'csv',
    fields: ['origin', 'destination', 'count'],
  });
  const airports = await allOf(recordsIn(cut(csv, 101), 'csv', byOrigin, String));
  assert.equal(airports.length, csv.trim().split('\n').length - 1);
  assert.deepEqual(shown(airports[0]!), ['ABE', '{"origin":"ABE","destination":"ATL","count":853}']);
});

test('JSON values keep their text: brackets in texts, large numbers, several lines', () => {
  const text =
    '{"a":"]}\\"","b":12345678901234567890}\n{ "c" : 1 }\r\n"text" 7\n{\n  "d": "x  y",\n  "e": [1, 2]\n}';
  const expected = [
    '{"a":"]}\\"","b":12345678901234567890}',
    '{ "c" : 1 }',
    '"text"',
    '7',
    '{"d":"x  y","e":[1,2]}',
  ];
  for (let length = 1; length < text.length; length++) {
    const values = new JsonValues();
    const found = [...cut(text, length)].flatMap((piece) => values.push(piece));
    assert.deepEqual(found, expected, `pieces of ${length}`);
    assert.equal(values.end(), undefined);
  }
  const array = new JsonValues();
  assert.deepEqual(array.push(' [ {"a":1} , [2, 3], "x" ]\n'), ['{"a":1}', '[2, 3]', '"x"']);
});

test('CSV has quoted fields, other separators, and numbers that are none', async () => {
  const text = '\uFEFFid;name;note\r\n007;"a ""b"";\nc";\r\n8;x;true';
  assert.deepEqual(inspectInput(text), { format: 'csv', fields: ['id', 'name', 'note'] });
  const records = await allOf(recordsIn(cut(text, 3), 'csv', { kind: 'field', path: 'id' }, String));
  assert.deepEqual(records.map(shown), [
    ['007', '{"id":"007","name":"a \\"b\\";\\nc","note":null}'],
    ['8', '{"id":8,"name":"x","note":true}'],
  ]);
});

test('what cannot be a record is named, and the others are', async () => {
  const lines = '{"origin":"A"}\n{"origin":}\n{"from":"B"}\n{"origin":{"city":"C"}}\n';
  const records = await allOf(recordsIn([lines], 'json', byOrigin, String));
  assert.deepEqual(records.map(shown), [
    ['A', '{"origin":"A"}'],
    ['not-json', '{"origin":}'],
    ['no-key', '{"from":"B"}'],
    ['{"city":"C"}', '{"origin":{"city":"C"}}'],
  ]);
  const nested = await allOf(recordsIn([lines], 'json', { kind: 'field', path: 'origin.city' }, String));
  assert.deepEqual(shown(nested[3]!), ['C', '{"origin":{"city":"C"}}']);
});

test('records that were saved are put with the key and the bytes that they had', async () => {
  const saved = JSON.stringify({ shardId: 's', sequenceNumber: '1', partitionKey: 'k', data: 'AAH/' });
  assert.equal(inspectInput(saved).format, 'saved');
  const [record] = await allOf(recordsIn([`${saved}\n`], 'saved', { kind: 'random' }, String));
  assert.deepEqual(record, { partitionKey: 'k', data: 'AAH/', explicitHashKey: undefined });
});

test('records that a shard refuses are sent again until all are put, each counted once', async () => {
  const shard = new FakeShard();
  shard.refuses = (attempt) => attempt % 3 === 0;
  const progress = await putAll(numbered(1234), { ...putting, put: (records) => shard.put(records) });
  assert.deepEqual(
    [...shard.stored].sort((a, b) => a - b),
    Array.from({ length: 1234 }, (_, index) => index),
  );
  assert.equal(progress.put, 1234);
  assert.equal(progress.read, 1234);
  assert.equal(progress.refused, 0);
  assert.ok(progress.retried > 400);
});

test('what fails for other reasons is given up in the end, with the reason and how many', async () => {
  const answer = { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' };
  const progress = await putAll(numbered(3), {
    ...putting,
    put: async (records) => ({ Records: records.map(() => answer) }),
  });
  assert.deepEqual([progress.put, progress.refused], [0, 3]);
  assert.deepEqual([...progress.reasons], [['InternalFailure: Internal service failure.', 3]]);
});

test('a call that is refused is not made again, and the records after it are tried', async () => {
  let calls = 0;
  const progress = await putAll(numbered(700), {
    ...putting,
    put: async (records) => {
      if (calls++ === 0) throw new Error('AccessDenied');
      return { Records: records.map(() => ({})) };
    },
  });
  assert.deepEqual([calls, progress.put, progress.refused], [2, 200, 500]);
});

test('cancelling stops between two batches, with an exact count of what was put', async () => {
  const cancelled = new AbortController();
  const shard = new FakeShard();
  const progress = await putAll(numbered(5000), {
    ...putting,
    signal: cancelled.signal,
    put: async (records) => {
      const answer = await shard.put(records);
      if (shard.stored.length >= 1500) cancelled.abort();
      return answer;
    },
  });
  assert.equal(progress.put, shard.stored.length);
  assert.equal(progress.put, 1500);
});

test('a rate is kept: so many records by then, and no more', async () => {
  let clock = 0;
  const times: [number, number][] = [];
  await putAll(numbered(1000), {
    ...putting,
    rate: 200,
    now: () => clock,
    pause: async (ms) => {
      clock += ms;
    },
    put: async (records) => {
      times.push([clock, records.length]);
      return { Records: records.map(() => ({})) };
    },
  });
  assert.equal(clock, 5000);
  assert.ok(times.every(([at, count], index) => count === 20 && at === index * 100));
});

test('sample flights are JSON, the same for a seed', () => {
  const flights = [...sampleFlights(500, 1)].map((text) => JSON.parse(text) as Record<string, unknown>);
  assert.deepEqual([...sampleFlights(500, 1)], [...sampleFlights(500, 1)]);
  assert.deepEqual(Object.keys(flights[0]!), ['date', 'delay', 'distance', 'origin', 'destination']);
  assert.ok(flights.some(({ delay }) => Number(delay) > 60));
  assert.ok(flights.every(({ origin, destination }) => origin !== destination));
});

const putting: Omit<Putting, 'put'> = {
  canRetry: () => false,
  reasonOf: String,
  pause: () => Promise.resolve(),
  now: () => 0,
  signal: new AbortController().signal,
  onProgress: () => {},
};

class FakeShard {
  stored: number[] = [];
  refuses: (attempt: number) => boolean = () => false;
  #attempts = 0;

  async put(records: readonly PutRecordsEntry[]) {
    assert.ok(records.length <= 500);
    const results = records.map(({ PartitionKey }) => {
      if (this.refuses(this.#attempts++)) return { ErrorCode: 'ProvisionedThroughputExceededException' };
      this.stored.push(Number(PartitionKey));
      return { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
    });
    return { Records: results };
  }
}

async function* numbered(count: number): AsyncGenerator<NewRecord> {
  for (let index = 0; index < count; index++) yield { partitionKey: String(index), data: 'AAAA' };
}

function* cut(text: string, length: number): Generator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function shown(record: NewRecord | Unusable): [string, string] {
  if ('unusable' in record) return [record.unusable, record.text];
  return [record.partitionKey, new TextDecoder().decode(bytesOfBase64(record.data))];
}
