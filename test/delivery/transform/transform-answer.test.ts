import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTransformAnswer } from '../../../src/delivery/transform/transform-answer.ts';
import { recordIdOf } from '../../../src/delivery/transform/transform-event.ts';
import { recordsOf } from '../record/some-records.ts';

const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

/** What functions that are broken, or hostile, say of a record. */
const said: readonly (readonly [what: string, expected: string])[] = [
  [
    '"result":"Ok","data":"eA==","metadata":{"otfMetadata":{"destinationTableName":"t","destinationDatabaseName":"d","operation":{"toString":1}}}',
    'kept',
  ],
  [
    `"result":"Ok","data":"eA==","metadata":{"otfMetadata":{"destinationTableName":"t","destinationDatabaseName":"d","operation":${nested}}}`,
    'kept',
  ],
  [`"result":"Ok","data":"eA==","metadata":{"partitionKeys":{"a":${nested},"__proto__":"x"}}`, 'kept'],
  ['"result":"Ok","data":"eA==","metadata":[]', 'kept'],
  [`"result":"Ok","data":"${'A'.repeat(6_000_000)}"`, 'kept'],
  [`"result":"Ok","data":"${'A'.repeat(6_000_003)}!"`, 'refused'],
  ['"result":"Ok"', 'refused'],
  ['"result":"ok","data":"eA=="', 'refused'],
  ['"result":{"toString":1},"data":"eA=="', 'refused'],
  ['"result":"Dropped","data":1', 'dropped'],
];

test('whatever a function says of a record, it is that record which it becomes of', () => {
  const [record] = recordsOf(['x']);
  for (const [what, expected] of said) {
    const answer = `{"records":[{"recordId":"${recordIdOf(record!)}",${what}}]}`;
    const read = readTransformAnswer(Buffer.from(answer), [record!]);
    assert.deepEqual(
      read?.map(({ kind }) => kind),
      [expected],
      what.slice(0, 100),
    );
  }
});

test("an answer that is none refuses all records, and others' records are nobody's", () => {
  const records = recordsOf(['x', 'y']);
  for (const garbage of [
    '',
    'null',
    '[]',
    '{"records":[null]}',
    '{"records":{}}',
    nested,
    '{"records":[{"recordId":1}]}',
  ])
    assert.equal(readTransformAnswer(Buffer.from(garbage), records), undefined, garbage.slice(0, 100));
  const ok = (id: string) => ({ recordId: id, result: 'Ok', data: 'eA==' });
  const [first] = records.map(recordIdOf);
  const answer = { records: [ok(first!), ok('other'), ok('__proto__')] };
  const read = readTransformAnswer(Buffer.from(JSON.stringify(answer)), records);
  assert.deepEqual(
    read?.map(({ kind }) => kind),
    ['kept', 'refused'],
  );
});
