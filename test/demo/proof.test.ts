import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prove, type Sent } from '../../examples/demo/proof.ts';
import type { ReadRecord } from '../../examples/demo/reading.ts';

const flights = ['one', 'two', 'three'].map((word, id) => ({
  id,
  origin: 'JFK',
  data: Buffer.from(JSON.stringify({ id, word })),
}));

/** The third flight was in a request without an answer before it was acknowledged. */
const sent: Sent = {
  flights,
  acknowledged: [
    { id: 0, shard: 'a', sequenceNumber: '5' },
    { id: 1, shard: 'b', sequenceNumber: '5' },
    { id: 2, shard: 'a', sequenceNumber: '70' },
  ],
  unanswered: new Map([[2, 1]]),
};
const at = (shard: string, sequenceNumber: string, id: number): ReadRecord => ({
  shard,
  sequenceNumber,
  data: flights[id]!.data,
});
const everything = [at('a', '5', 0), at('b', '5', 1), at('a', '70', 2)];

test('what was promised and read is proven, by shard', () => {
  assert.deepEqual(prove(sent, everything), {
    broken: [],
    arrived: new Map([
      ['a', 2],
      ['b', 1],
    ]),
    unansweredButStored: 0,
  });
});

test('a record of a request without an answer may be there twice', () => {
  const proof = prove(sent, [at('a', '5', 0), at('a', '9', 2), at('a', '70', 2), at('b', '5', 1)]);
  assert.deepEqual(proof.broken, []);
  assert.equal(proof.unansweredButStored, 1);
});

const frauds: readonly { what: string; read: ReadRecord[]; says: RegExp }[] = [
  { what: 'an acknowledged record is missing', read: everything.slice(1), says: /is not there/ },
  {
    what: 'a record has another byte',
    read: [{ ...everything[0]!, data: Buffer.from('{"id":0,"word":"onE"}') }, ...everything.slice(1)],
    says: /not what was sent/,
  },
  {
    what: 'a record is not one of ours',
    read: [{ ...at('b', '4', 0), data: Buffer.from('noise') }, ...everything],
    says: /not what was sent/,
  },
  { what: 'a sequence number comes twice', read: [everything[0]!, ...everything], says: /was read after 5/ },
  {
    what: 'a shard is out of order',
    read: [everything[2]!, everything[0]!, everything[1]!],
    says: /was read after 70/,
  },
  {
    what: 'an answered record is there twice',
    read: [...everything, at('b', '6', 1)],
    says: /no retry can have put it there/,
  },
  {
    what: 'an unanswered record is there more often than it was sent',
    read: [at('a', '5', 0), at('a', '8', 2), at('a', '9', 2), at('a', '70', 2), at('b', '5', 1)],
    says: /no retry can have put it there/,
  },
];

for (const { what, read, says } of frauds) {
  test(`the proof fails when ${what}`, () => {
    assert.match(prove(sent, read).broken.join('\n'), says);
  });
}

test('the proof fails when a flight was never acknowledged', () => {
  const { broken } = prove({ ...sent, acknowledged: sent.acknowledged.slice(0, 2) }, everything);
  assert.match(broken.join('\n'), /Flight 2 was never acknowledged/);
});

test('the proof fails when later answers name earlier places', () => {
  const { broken } = prove({ ...sent, acknowledged: sent.acknowledged.toReversed() }, everything);
  assert.match(broken.join('\n'), /a\/5 was acknowledged after 70/);
});
