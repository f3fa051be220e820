import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Progress } from '../../examples/demo/progress.ts';
import type { Proof, Sent } from '../../examples/demo/proof.ts';
import { tell } from '../../examples/demo/verdict.ts';

class Notes extends Progress {
  readonly lines: string[] = [];
  override say(text: string): void {
    this.lines.push(text);
  }
}

const sent: Sent = {
  flights: [{ id: 0, origin: 'JFK', data: Buffer.from('{}') }],
  acknowledged: [{ id: 0, shard: 'a', sequenceNumber: '5' }],
  unanswered: new Map(),
};
const kept: Proof = { broken: [], arrived: new Map([['a', 1]]), unansweredButStored: 0 };
const broken: Proof = { ...kept, broken: ['Flight 0 is not there.'] };

test('when both readings prove all promises, the verdict is good', () => {
  assert.equal(tell(sent, kept, kept, new Notes()), true);
});

for (const [name, live, again] of [
  ['the first reading', broken, kept],
  ['the second reading', kept, broken],
] as const) {
  test(`when ${name} misses something, the verdict is bad and says what`, () => {
    const notes = new Notes();
    assert.equal(tell(sent, live, again, notes), false);
    assert.match(notes.lines.join('\n'), /Flight 0 is not there/);
  });
}

test('when the readings differ, the verdict is bad', () => {
  assert.equal(tell(sent, kept, { ...kept, unansweredButStored: 1 }, new Notes()), false);
});

test('records that were stored without an answer are told from those that were not', () => {
  const unanswered = new Map([[0, 1]]);
  const notes = new Notes();
  const twice = { ...kept, unansweredButStored: 1 };
  assert.equal(tell({ ...sent, unanswered }, twice, twice, notes), true);
  assert.match(notes.lines.join('\n'), /1 record had no answer .* there twice, as on AWS: 1/);
});
