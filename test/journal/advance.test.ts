import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance } from '../../src/journal/advance.ts';
import { add, counter } from './counter.ts';

const start = { state: counter.empty, known: 0 };

test('a commit counts only if it was decided on the version before it', () => {
  const commits = [
    { after: 0, edits: add(1) },
    { after: 0, edits: add(2) },
    { after: 1, edits: add(3) },
  ];
  const { state, known, applied } = advance(counter, start, commits);
  assert.deepEqual(state, { version: 2, added: [1, 3] });
  assert.equal(known, 2);
  assert.deepEqual(applied, [commits[0], commits[2]]);
});

test('behind a gap nothing counts until a snapshot that reaches past it', () => {
  const gap = advance(counter, start, [
    { after: 0, edits: add(1) },
    { after: 3, edits: add(4) },
    { after: 4, edits: add(5) },
  ]);
  assert.deepEqual([gap.state.version, gap.known], [1, 5]);
  const within = advance(counter, gap, [{ version: 3, edits: add(30) }]);
  assert.deepEqual([within.state, within.known], [{ version: 3, added: [30] }, 5]);
  const past = advance(counter, within, [
    { version: 5, edits: add(50) },
    { after: 5, edits: add(6) },
  ]);
  assert.deepEqual([past.state, past.known], [{ version: 6, added: [50, 6] }, 6]);
});

test('a snapshot of a version that is known says nothing new', () => {
  const { state, applied } = advance(counter, start, [
    { after: 0, edits: add(1) },
    { version: 1, edits: add(1) },
    { after: 1, edits: add(2) },
    { version: 1, edits: add(1) },
  ]);
  assert.deepEqual(state, { version: 2, added: [1, 2] });
  assert.equal(applied.length, 2);
});

test('without anything that counts the state is the same object', () => {
  assert.equal(advance(counter, start, [{ after: 4, edits: add(1) }]).state, start.state);
});

test('behind a gap a commit that was decided on the version before it has lost', () => {
  const { state, known } = advance(counter, start, [
    { after: 0, edits: add(1) },
    { after: 3, edits: add(4) },
    { after: 1, edits: add(20) },
  ]);
  assert.deepEqual([state.added, known], [[1], 4]);
});

test('a rewrite counts as the next version, with all that is to be known of it, or not at all', () => {
  const first = advance(counter, start, [
    { after: 0, edits: add(1) },
    { after: 1, version: 2, edits: add(10) },
    { after: 1, version: 2, edits: add(20) },
    { after: 2, edits: add(3) },
  ]);
  assert.deepEqual([first.state, first.known], [{ version: 3, added: [10, 3] }, 3]);
  const late = advance(counter, first, [{ after: 7, version: 8, edits: add(70) }]);
  assert.deepEqual([late.state, late.hasSkipped], [{ version: 8, added: [70] }, true]);
});

test('a log may begin at a snapshot of the state as it was there, and not at a rewrite that lost', () => {
  const snapshot = { version: 1, edits: add(1) };
  const sound = advance(counter, start, [{ after: 0, edits: add(1) }, snapshot]);
  assert.equal(sound.whole, snapshot);
  const stale = [{ after: 0, edits: add(1) }, { after: 1, edits: add(2) }, snapshot];
  assert.equal(advance(counter, start, stale).whole, undefined);
  const lost = [
    { after: 0, edits: add(1) },
    { after: 0, version: 1, edits: add(10) },
  ];
  assert.equal(advance(counter, start, lost).whole, undefined);
});
