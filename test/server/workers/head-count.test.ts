import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Change, coresMin, HeadCount, type Look } from '../../../src/server/workers/head-count.ts';

const saturated: Look = { busy: 0.97, idleCores: 3 };
const quiet: Look = { busy: 0.1, idleCores: 3 };

/** What it says, second after second. */
function said(count: HeadCount, look: Look, workers: number, seconds: number): Change[] {
  return Array.from({ length: seconds }, () => count.after(look, workers));
}

test('a worker comes when the owner was saturated for three seconds and more than a core was idle', () => {
  assert.deepEqual(said(new HeadCount(4), saturated, 0, 3), [0, 0, 1]);
});

test('no worker comes while no more than one core is idle, however busy the owner is', () => {
  assert.deepEqual(new Set(said(new HeadCount(4), { ...saturated, idleCores: 1 }, 0, 100)), new Set([0]));
});

test('a burst of two seconds brings no worker', () => {
  const count = new HeadCount(4);
  for (let nth = 0; nth < 10; nth++) {
    assert.deepEqual(said(count, saturated, 0, 2), [0, 0]);
    assert.deepEqual(said(count, quiet, 0, 1), [0]);
  }
});

test('there are never more workers than the limit', () => {
  assert.deepEqual(new Set(said(new HeadCount(2), saturated, 2, 100)), new Set([0]));
});

test('each further worker takes three seconds more', () => {
  const count = new HeadCount(4);
  assert.deepEqual([...said(count, saturated, 0, 3), ...said(count, saturated, 1, 3)], [0, 0, 1, 0, 0, 1]);
});

test('a worker goes after a minute in which the others could have done its work with ease', () => {
  const changes = said(new HeadCount(4), quiet, 1, 60);
  assert.deepEqual(changes.slice(0, 59), Array(59).fill(0));
  assert.equal(changes[59], -1);
});

test('a worker stays while the others would be half busy without it', () => {
  assert.deepEqual(new Set(said(new HeadCount(4), { busy: 0.25, idleCores: 3 }, 1, 200)), new Set([0]));
});

test('without workers none is let go', () => {
  assert.deepEqual(new Set(said(new HeadCount(4), quiet, 0, 200)), new Set([0]));
});

test('where there are too few cores for so many to be idle, no worker ever comes', () => {
  // One thread is saturated: what is left is idle at the most.
  const most: Look = { busy: 0.85, idleCores: coresMin - 1 - 0.85 };
  assert.deepEqual(new Set(said(new HeadCount(4), most, 0, 100)), new Set([0]));
});
