import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SlidingMax } from '../../src/stream/sliding-max.ts';

test('a peak is remembered for a while, then the highest one since counts', () => {
  const peaks = new SlidingMax(100);
  assert.equal(peaks.highest(0), 0);
  peaks.note(8, 0);
  peaks.note(3, 50);
  peaks.note(5, 60);
  assert.equal(peaks.highest(99), 8);
  assert.equal(peaks.highest(100), 5);
  assert.equal(peaks.highest(160), 0);
});

test('the highest is the maximum of what was noted in the time remembered', () => {
  const notes = fc.array(fc.tuple(fc.nat(20), fc.nat(30)));
  fc.assert(
    fc.property(notes, fc.integer({ min: 1, max: 100 }), (steps, memory) => {
      const peaks = new SlidingMax(memory);
      const noted: { value: number; at: number }[] = [];
      let now = 0;
      for (const [value, delay] of steps) {
        now += delay;
        peaks.note(value, now);
        noted.push({ value, at: now });
        const recent = noted.filter(({ at }) => now - at < memory);
        assert.equal(peaks.highest(now), Math.max(...recent.map((note) => note.value)));
      }
    }),
  );
});
