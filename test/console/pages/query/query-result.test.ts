import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvLine, jsonLine } from '../../../../console/pages/query/csv-text.ts';
import { addressOf, plainQuery, queryOfAddress } from '../../../../console/pages/query/query-address.ts';
import { QueryResult } from '../../../../console/pages/query/query-result.ts';
import { CsvRows } from '../../../../console/pages/records/csv-rows.ts';
import {
  linesInPieces,
  type RangeProgress,
  replayedRecords,
  textsOfRange,
} from '../../../../console/pages/records/range-records.ts';
import { placeIn } from '../../../../console/pages/records/wrong.ts';

test('rows are kept as they come, up to a bound', () => {
  const result = new QueryResult({ rowsMax: 3, charactersMax: 1000 });
  result.take({ event: 'columns', data: '["key","n"]' });
  for (let index = 0; index < 3; index++) {
    assert.equal(result.isFull, false);
    result.take({ event: 'row', data: `["k",${index}]` });
  }
  assert.equal(result.isFull, true);
  assert.deepEqual([...result.rows()].at(-1), ['k', 2]);
  result.take({ event: 'end', data: '{"records":10,"bytes":1000}' });
  assert.deepEqual([result.state, result.recordsScanned, result.bytesScanned], ['ended', 10, 1000]);
});

test('a query that is none fails where it is wrong', () => {
  const sql = 'SELECT key\nFORM records';
  const result = new QueryResult({ rowsMax: 3, charactersMax: 1000 });
  result.take({
    event: 'trouble',
    data: '{"type":"InvalidArgumentException","message":"expected FROM (at character 12)"}',
  });
  assert.equal(result.state, 'failed');
  assert.equal(result.error?.message, 'expected FROM');
  result.take({ event: 'end', data: '{"reason":"trouble"}' });
  assert.equal(result.state, 'failed');
  assert.deepEqual(placeIn(sql, result.error!.position!), { line: 2, column: 1, text: 'FORM records' });
});

test('CSV that is written is read as it was, and JSON has a name for each column', () => {
  const values = ['a,b', 'say "hi"\r\nthere', ' x', 'plain', 7, true, { a: [1] }];
  const [row] = new CsvRows().push(`${csvLine(values)}\n`);
  assert.deepEqual(row, ['a,b', 'say "hi"\r\nthere', ' x', 'plain', '7', 'true', '{"a":[1]}']);
  assert.equal(csvLine([null, '', undefined]), ',"",');
  assert.equal(jsonLine(['n', 'n', '__proto__'], [1, null, 'p']), '{"n":1,"n_2":null,"__proto__":"p"}');
});

test('no text of a record is a formula in a sheet, and numbers stay numbers', () => {
  const formulas = [
    '=1+1',
    '+cmd|x',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    '\uff1d1',
    '=HYPERLINK("http://a")',
  ];
  for (const text of formulas) assert.match(csvLine([text]), /^"?'/, JSON.stringify(text));
  assert.equal(csvLine(['-5', '+4.20', '-1e-7', -5, 'a=b', 'x@y']), '-5,+4.20,-1e-7,-5,a=b,x@y');
  assert.equal(jsonLine(['a'], ['=1+1']), '{"a":"=1+1"}');
});

test('a query is in the address of its page', () => {
  const given = (query: object) => new Map(Object.entries(query).filter(([, value]) => value !== undefined));
  const address = { sql: "SELECT * FROM records WHERE key = 'A&B'", from: '-2d', until: '' };
  assert.deepEqual(addressOf(given(queryOfAddress(address))), address);
  assert.equal(given(queryOfAddress(plainQuery)).size, 0);
});

test('a range is read to its end, counted, and its records are put as they were', async () => {
  const events = [
    ...Array.from({ length: 5 }, (_, index) => ({
      event: 'record',
      data: JSON.stringify({ shardId: 's', partitionKey: `k${index}`, data: 'AAH/' }),
    })),
    { event: 'status', data: '{"records":9,"matched":5,"lagMs":10}' },
    { event: 'end', data: '{"reason":"until","records":12,"matched":5,"lagMs":0}' },
  ];
  const progress: RangeProgress = { read: 0, looked: 0, isComplete: false, trouble: undefined };
  const records = [];
  for await (const record of replayedRecords(textsOfRange(each(events), progress))) records.push(record);
  assert.deepEqual(records.at(-1), { partitionKey: 'k4', data: 'AAH/' });
  assert.deepEqual(progress, { read: 5, looked: 12, isComplete: true, trouble: undefined });
});

test('a file is written in few pieces, a record a line', async () => {
  const texts = Array.from({ length: 3000 }, (_, index) => JSON.stringify({ index, data: 'x'.repeat(1000) }));
  const pieces = [];
  for await (const piece of linesInPieces(texts)) pieces.push(piece);
  assert.equal(pieces.length, 3);
  assert.equal(pieces.join(''), `${texts.join('\n')}\n`);
});

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
