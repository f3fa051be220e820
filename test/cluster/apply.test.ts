import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterDraft, droppedMax } from '../../src/cluster/apply.ts';
import { clusterMachine, membersMax } from '../../src/cluster/cluster-machine.ts';
import { type ClusterState, emptyCluster, isDrained } from '../../src/cluster/cluster-state.ts';
import type { ClusterEdit } from '../../src/cluster/edit.ts';
import { hasNumber, type Ranges, withNumber } from '../../src/cluster/ranges.ts';
import { OverloadedError } from '../../src/log/log.ts';
import { TestRandom } from '../log/world.ts';

function applied(edits: readonly ClusterEdit[], from: ClusterState = emptyCluster): ClusterState {
  const draft = new ClusterDraft(from);
  for (const edit of edits) draft.apply(edit);
  return draft.finish(from.version + 1);
}

function joined(member: number): ClusterEdit {
  return { kind: 'joined', member, as: { id: `m${member}`, address: `${member}:1`, rack: 'a' } };
}

const made: ClusterEdit = { kind: 'topic-made', stream: 's', topic: 't', uuid: 'u', partitions: 4 };
const closing: ClusterEdit = { kind: 'closing', stream: 's', shard: 0 };
const placed: ClusterEdit = { kind: 'placed', stream: 's', places: [[0, 0, 0]] };
const sealed: ClusterEdit = { kind: 'sealed', stream: 's', shard: 0, at: 5 };
const released: ClusterEdit = { kind: 'released', stream: 's', shard: 0, from: 6 };

test('edits that must never be are not applied', () => {
  const never: Record<string, readonly ClusterEdit[]> = {
    'a member number twice': [joined(1), joined(1)],
    'a heartbeat of nobody': [{ kind: 'beat', member: 1 }],
    'who is gone leaves': [joined(1), { kind: 'left', member: 1 }, { kind: 'left', member: 1 }],
    'drained what is not closing': [joined(1), { kind: 'beat', member: 1, drained: 1 }],
    'a duty of two': [
      joined(1),
      joined(2),
      { kind: 'claimed', duty: 'd', member: 1 },
      { kind: 'claimed', duty: 'd', member: 2 },
    ],
    'a duty of nobody': [{ kind: 'claimed', duty: 'd', member: 1 }],
    'a duty is let go of by who has it not': [
      joined(1),
      joined(2),
      { kind: 'claimed', duty: 'd', member: 1 },
      { kind: 'yielded', duty: 'd', member: 2 },
    ],
    'a duty is forgotten that somebody has': [
      joined(1),
      { kind: 'claimed', duty: 'd', member: 1 },
      { kind: 'duty-forgotten', duty: 'd' },
    ],
    'a duty is forgotten that is none': [{ kind: 'duty-forgotten', duty: 'd' }],
    'two topics': [made, made],
    'a place without a topic': [placed],
    'a slot of two': [made, placed, { kind: 'placed', stream: 's', places: [[1, 0, 0]] }],
    'two places': [made, placed, { kind: 'placed', stream: 's', places: [[0, 1, 0]] }],
    'a slot that is not there': [made, { kind: 'placed', stream: 's', places: [[0, 4, 0]] }],
    'fewer partitions': [made, { kind: 'topic-grown', stream: 's', partitions: 3 }],
    'a seal of what is open': [made, placed, sealed],
    'two seals': [made, placed, closing, sealed, sealed],
    'a seal before the base': [made, { kind: 'placed', stream: 's', places: [[0, 0, 6]] }, closing, sealed],
    'closing twice': [made, placed, closing, closing],
    'what is open is released': [made, placed, released],
    'what is closing is released': [made, placed, closing, released],
    'released before the seal': [made, placed, closing, sealed, { ...released, from: 5 }],
    'a slot used again too far ahead': [
      made,
      placed,
      closing,
      sealed,
      released,
      { kind: 'placed', stream: 's', places: [[1, 0, 5]] },
    ],
    'a shard that has expired is placed': [
      made,
      placed,
      closing,
      sealed,
      released,
      { kind: 'placed', stream: 's', places: [[0, 0, 6]] },
    ],
    'a dropped stream is placed': [{ kind: 'dropped', stream: 's' }, made],
  };
  for (const [name, edits] of Object.entries(never)) {
    const before = applied(edits.slice(0, -1));
    assert.throws(() => applied(edits.slice(-1), before), { name: 'AssertionError' }, name);
  }
});

test('what closes is drained once all who were there have said so, or have left', () => {
  const state = applied([joined(1), joined(2), joined(3), made, placed, closing]);
  assert.equal(isDrained(state, 1), false);
  const one = applied(
    [
      { kind: 'beat', member: 1, drained: 1 },
      { kind: 'left', member: 2 },
    ],
    state,
  );
  assert.equal(isDrained(one, 1), false);
  assert.equal(isDrained(applied([{ kind: 'beat', member: 3, drained: 1 }], one), 1), true);
  // What a gateway has let go of itself it knows before the others.
  const three = one.members.get(3)!.as.id;
  assert.equal(isDrained(one, 1, { id: three, drained: 1 }), true);
  assert.equal(isDrained(one, 1, { id: three, drained: 0 }), false);
  assert.equal(isDrained(state, 1, { id: three, drained: 1 }), false);
  // Who comes later has applied that it is closing.
  assert.equal(isDrained(applied([{ kind: 'left', member: 3 }, joined(4)], one), 1), true);
});

test('duties of a member that leaves are free, and keep their number', () => {
  const state = applied([joined(1), { kind: 'claimed', duty: 'd', member: 1 }, { kind: 'left', member: 1 }]);
  assert.deepEqual(state.duties.get('d'), { number: 1, holder: undefined });
  const next = applied([joined(2), { kind: 'claimed', duty: 'd', member: 2 }], state);
  assert.deepEqual(next.duties.get('d'), { number: 2, holder: 2 });
});

test('an edit leaves the state that it was applied to as it was', () => {
  const state = applied([joined(1), made, placed]);
  const before = structuredClone(state);
  applied([closing, sealed, released, { kind: 'beat', member: 1 }, { kind: 'dropped', stream: 's' }], state);
  assert.deepEqual(state, before);
  assert.equal(applied([{ kind: 'beat', member: 1 }], state).streams, state.streams);
});

test('streams that were dropped long ago are forgotten, but none whose topic may be there', () => {
  const edits: ClusterEdit[] = [{ kind: 'dropped', stream: 'kept' }];
  for (let number = 0; number <= droppedMax + 5; number++) {
    edits.push({ kind: 'dropped', stream: `s${number}` }, { kind: 'forgotten', stream: `s${number}` });
  }
  const { dropped } = applied(edits);
  assert.equal(dropped.size, droppedMax);
  assert.equal(dropped.has('kept'), true);
  assert.equal(dropped.has('s0'), false);
});

test('there is room for so many gateways', () => {
  const state = applied(Array.from({ length: membersMax }, (_, index) => joined(index + 1)));
  assert.throws(() => clusterMachine.requireRoom(state, [joined(membersMax + 1)]), OverloadedError);
  clusterMachine.requireRoom(state, [{ kind: 'beat', member: 1 }]);
});

test('a snapshot, as it is read back, makes the same state', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = new TestRandom(seed);
    let state = emptyCluster;
    for (let count = 0; count < 60; count++) state = applied(anyEdits(state, random), state);
    const read: ClusterEdit[] = JSON.parse(JSON.stringify(clusterMachine.snapshot(state)));
    assert.ok(read.every((edit) => clusterMachine.isKnown(edit)));
    const restored = applied(read);
    assert.deepEqual({ ...restored, version: 0 }, { ...state, version: 0 }, `seed ${seed}`);
    // And what counts in order is in order.
    assert.deepEqual([...restored.dropped.keys()], [...state.dropped.keys()]);
  }
});

test('ranges hold the numbers that they were given, in as few parts as can be', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = new TestRandom(seed);
    const numbers = new Set<number>();
    let ranges: Ranges = [];
    for (let count = 0; count < 40; count++) {
      const number = random.below(50);
      numbers.add(number);
      ranges = withNumber(ranges, number);
    }
    for (let number = -1; number <= 50; number++)
      assert.equal(hasNumber(ranges, number), numbers.has(number));
    for (const [index, [first]] of ranges.entries())
      if (index > 0) assert.ok(first > ranges[index - 1]![1] + 1);
  }
});

/** Something that may become true of a state. */
function anyEdits(state: ClusterState, random: TestRandom): ClusterEdit[] {
  const members = [...state.members.keys()];
  const member = members[random.below(members.length + 1)];
  if (member === undefined) return [joined(state.nextMember)];
  const stream = `s${random.below(4)}`;
  if (state.dropped.has(stream)) return [{ kind: 'forgotten', stream }];
  const found = state.streams.get(stream);
  if (found === undefined) return [{ kind: 'topic-made', stream, topic: stream, uuid: 'u', partitions: 3 }];
  const shards = [...found.places.keys()];
  const shard = shards[random.below(shards.length)] ?? -1;
  const place = found.places.get(shard);
  switch (random.below(12)) {
    case 0:
      return [{ kind: 'left', member }];
    case 1:
      return [{ kind: 'beat', member, drained: random.below(state.closings + 1) }];
    case 2: {
      const duty = `d${random.below(3)}`;
      return state.duties.get(duty)?.holder === undefined ? [{ kind: 'claimed', duty, member }] : [];
    }
    case 3:
      return [{ kind: 'topic-grown', stream, partitions: found.partitions + 1 }];
    case 4:
      return random.below(8) === 0 ? [{ kind: 'dropped', stream }] : [];
    case 5:
    case 6: {
      const next = Math.max(-1, ...shards, ...found.released.map(([, last]) => last)) + 1;
      const [slot, base] = found.free[0] ?? [found.fresh, 0];
      return slot < found.partitions ? [{ kind: 'placed', stream, places: [[next, slot, base]] }] : [];
    }
    default:
      if (place?.state === 'open') return [{ kind: 'closing', stream, shard }];
      if (place?.state === 'closing') return [{ kind: 'sealed', stream, shard, at: place.base + 3 }];
      if (place?.seal != null) return [{ kind: 'released', stream, shard, from: place.seal + 1 }];
      return [{ kind: 'beat', member }];
  }
}
