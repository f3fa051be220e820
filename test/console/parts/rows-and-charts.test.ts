import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveOf, nearestPlace, timeTicks, valueTicks } from '../../../console/parts/plot-scale.ts';
import { rowWindow } from '../../../console/parts/row-window.ts';
import { isSame } from '../../../console/parts/same.ts';

const list = { first: 0, rowPixels: 32, height: 320 };

test('the rows in sight are drawn, and some beyond, wherever a list is scrolled to', () => {
  for (const end of [0, 1, 9, 10, 11, 1_000, 10_000]) {
    for (const top of [0, 31, 32, 1_000, end * 32 - 320, end * 32, end * 32 + 5_000]) {
      const { from, end: before, firstSeen, endSeen } = rowWindow({ ...list, end, top: Math.max(0, top) });
      assert.ok(0 <= from && from <= firstSeen && firstSeen <= endSeen && endSeen <= before && before <= end);
      assert.equal(endSeen - firstSeen, Math.min(end, 10), `${end} rows, ${top} pixels`);
      assert.ok(before - from <= 10 + 12);
      if (top >= 0 && top <= (end - 10) * 32) assert.equal(firstSeen, Math.floor(top / 32));
    }
  }
});

test('a list that lost rows, or follows its end, shows its last ones', () => {
  assert.deepEqual(rowWindow({ ...list, first: 50, end: 60, top: undefined }), {
    from: 50,
    end: 60,
    firstSeen: 50,
    endSeen: 60,
    page: 10,
  });
  assert.equal(rowWindow({ ...list, end: 20, top: 32 * 900 }).firstSeen, 10);
  assert.equal(rowWindow({ ...list, end: 5_000, top: undefined }).firstSeen, 4_990);
});

test('values and times of a grid are round, in order, and no more than there is room for', () => {
  assert.deepEqual(valueTicks(1, 4), [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(valueTicks(1100, 4), [0, 500, 1000]);
  assert.deepEqual(valueTicks(9000, 4), [0, 2500, 5000, 7500]);
  assert.deepEqual(valueTicks(9000, 4, 1024), [0, 2560, 5120, 7680]);
  assert.deepEqual(timeTicks(100, 220, 5, 0), { step: 30, times: [120, 150, 180, 210] });
  // A day begins at midnight where the clock hangs: here two hours before it does in Greenwich.
  const week = timeTicks(1_000_000, 1_000_000 + 7 * 86_400, 8, 7_200);
  assert.equal(week.step, 86_400);
  for (const time of week.times) assert.equal((time + 7_200) % 86_400, 0);
  assert.equal(week.times.length, 7);
});

test('the pointer finds the nearest time, a curve leaves out what is not there', () => {
  const times = [0, 10, 20, 40];
  assert.deepEqual(
    [-5, 4, 6, 29, 31, 400].map((time) => nearestPlace(times, time)),
    [0, 0, 1, 2, 3, 3],
  );
  const path = curveOf(
    [1, null, 2, 3],
    (place) => place * 10,
    (value) => value,
  );
  assert.equal(path, 'M0.0 1.0h0M20.0 2.0h0L30.0 3.0');
});

test('what is alike is known as such, however deep', () => {
  const sight = () => ({ name: 'a', tags: { team: 'x' }, ids: [1, 2] });
  assert.ok(isSame(sight(), sight()));
  assert.ok(!isSame(sight(), { ...sight(), tags: { team: 'y' } }));
  assert.ok(!isSame(sight(), { ...sight(), lag: 1 }));
  assert.ok(!isSame(null, {}));
});
