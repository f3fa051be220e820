import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownerOf } from '../../src/gateway/rendezvous.ts';

const membersOf = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({ id: `gateway-${nth}`, address: `host-${nth}:1`, rack: '' }));
const names = Array.from({ length: 3_000 }, (_, nth) => `${1 + (nth % 30)}/${Math.floor(nth / 30)}`);

test('all gateways agree on the owner of a name, in whatever order they know each other', () => {
  const members = membersOf(5);
  for (const name of names.slice(0, 300)) {
    assert.equal(ownerOf(name, members), ownerOf(name, members.toReversed()), name);
  }
});

test('only the names of a gateway that goes move, and only to one that comes', () => {
  const members = membersOf(5);
  const [gone, ...rest] = members;
  for (const name of names) {
    const before = ownerOf(name, members);
    const after = ownerOf(name, rest);
    assert.ok(after === before || before === gone, name);
  }
});

test('each gateway owns about as much as any other', () => {
  for (const count of [2, 3, 7]) {
    const owned = new Map<string, number>();
    for (const name of names) {
      const { id } = ownerOf(name, membersOf(count));
      owned.set(id, (owned.get(id) ?? 0) + 1);
    }
    const fair = names.length / count;
    for (const amount of owned.values())
      assert.ok(Math.abs(amount - fair) < fair * 0.15, `${amount} of ${fair}`);
    assert.equal(owned.size, count);
  }
});
