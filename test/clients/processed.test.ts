import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { heardIn } from './heard.ts';
import { type Expected, processed, processedText } from './processed.ts';

const records = [0, 1, 2].map((number) => ({ key: 'a', number }));
const parents = new Map([
  ['one', []],
  ['two', ['one']],
]);
const expected: Expected = { produced: { records, resent: false }, parents, mayComeAgain: false };
const good = [
  'INFO heard begin 1 one',
  'heard record 2 one 10 a 0 with whatever',
  'heard record 3 one 11 a 1',
  'heard end 4 one',
  'heard begin 4 two',
  'heard record 5 two 20 a 2',
  'heard leave 6 two',
];
const check = (lines: readonly string[], changed: Partial<Expected> = {}) =>
  processed([heardIn(lines.join('\n'))], { ...expected, ...changed });
const without = (line: number) => good.toSpliced(line, 1);

suite('what consumers say is checked:', () => {
  test('nothing is wrong with a run that is right', () => {
    const found = check(good);
    assert.deepEqual(found, { records: 3, again: 0, shards: 2 });
    assert.equal(processedText(found, expected.produced), '3 of 3 records, 2 shards, none twice');
  });

  test('a record is missing', () => {
    assert.throws(() => check(without(5)), /1 of 3 records are missing/);
  });

  test('a record was never put', () => {
    assert.throws(() => check([...good, 'heard record 9 two 21 a 3']), /nobody has put/);
  });

  test('a key is out of order', () => {
    const mixed = ['heard record 1 - - a 1', 'heard record 2 - - a 0', 'heard record 3 - - a 2'];
    assert.throws(() => check(mixed), /records of a are not in their order/);
  });

  test('a shard is out of order', () => {
    const again = good.toSpliced(3, 0, good[1]!);
    assert.throws(() => check(again, { mayComeAgain: true }), /out of the order of one/);
  });

  test('a record comes again, which it may after a worker died', () => {
    const again = [good, ['heard begin 7 two', 'heard record 8 two 20 a 2']].map((lines) =>
      heardIn(lines.join('\n')),
    );
    assert.throws(() => processed(again, expected), /processed again/);
    assert.equal(processed(again, { ...expected, mayComeAgain: true }).again, 1);
  });

  test('a child is begun before its parent is at its end', () => {
    assert.throws(() => check(without(3)), /two was begun before its parents were at their end/);
  });
});
