import '../property-seed.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Call, explain, type Specification, UndecidedError } from '../../harness/linearizability.ts';

/** A register of one number: it is read, or written on condition of what it was. */
type Action = { readonly from: number; readonly to: number } | 'read';
type Result = { readonly saw: number } | 'done' | 'refused';

const register: Specification<number, Action, Result> = {
  initial: 0,
  textOf: String,
  after(state, action, result) {
    if (action === 'read') return typeof result === 'object' && result.saw !== state ? undefined : state;
    if (result === 'refused') return action.from === state ? undefined : state;
    return action.from === state ? action.to : undefined;
  },
};

function call(action: Action, sent: number, at?: number, result: Result = 'done'): Call<Action, Result> {
  return { action, sent, answered: at === undefined ? undefined : { at, result } };
}

const isExplained = (...calls: Call<Action, Result>[]) => explain(calls, register) === undefined;

test('what happens one after the other has the order of its answers', () => {
  assert.ok(isExplained(call({ from: 0, to: 1 }, 1, 2), call('read', 3, 4, { saw: 1 })));
  assert.ok(!isExplained(call({ from: 0, to: 1 }, 1, 2), call('read', 3, 4, { saw: 0 })));
});

test('what overlaps has any order that explains it', () => {
  assert.ok(
    isExplained(
      call({ from: 0, to: 1 }, 1, 9),
      call('read', 2, 3, { saw: 0 }),
      call('read', 4, 5, { saw: 1 }),
    ),
  );
  assert.ok(
    !isExplained(
      call({ from: 0, to: 1 }, 1, 9),
      call('read', 2, 3, { saw: 1 }),
      call('read', 4, 5, { saw: 0 }),
    ),
  );
});

test('two writes on one condition cannot both be done', () => {
  assert.ok(!isExplained(call({ from: 0, to: 1 }, 1, 9), call({ from: 0, to: 2 }, 2, 8)));
  assert.ok(isExplained(call({ from: 0, to: 1 }, 1, 9), call({ from: 0, to: 2 }, 2, 8, 'refused')));
});

test('a write without an answer may be done late, or never, but not before it was sent', () => {
  const lost = call({ from: 0, to: 1 }, 3);
  assert.ok(isExplained(lost, call('read', 4, 5, { saw: 0 }), call('read', 6, 7, { saw: 1 })));
  assert.ok(isExplained(lost, call('read', 4, 5, { saw: 0 }), call('read', 6, 7, { saw: 0 })));
  assert.ok(!isExplained(lost, call('read', 4, 5, { saw: 1 }), call('read', 6, 7, { saw: 0 })));
  assert.ok(!isExplained(lost, call('read', 1, 2, { saw: 1 })));
});

test('where a history makes no sense it says how far it did', () => {
  const stuck = explain(
    [call({ from: 0, to: 1 }, 1, 2), call({ from: 1, to: 2 }, 3, 4), call('read', 5, 6, { saw: 1 })],
    register,
  );
  assert.equal(stuck?.explained, 2);
  assert.equal(stuck?.state, 2);
  assert.equal(stuck?.call.action, 'read');
});

test('a long history of many clients, with calls that are never answered, is explained soon', () => {
  const calls: Call<Action, Result>[] = [];
  for (let step = 0; step < 2_000; step++) {
    const sent = 10 * step;
    calls.push(call({ from: step, to: step + 1 }, sent, sent + 9));
    for (let other = 1; other < 6; other++)
      calls.push(call({ from: step, to: -1 }, sent + other, sent + 20 + other, 'refused'));
    if (step % 40 === 0) calls.push(call({ from: step, to: -2 }, sent));
  }
  assert.equal(explain(calls, register), undefined);
});

const someCall = fc
  .record({
    action: fc.oneof(fc.constant<Action>('read'), fc.record({ from: fc.nat(1), to: fc.nat(2) })),
    sent: fc.nat(12),
    takes: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    saw: fc.nat(2),
    isDone: fc.boolean(),
  })
  .map(({ action, sent, takes, saw, isDone }) => {
    const result: Result = action === 'read' ? { saw } : isDone ? 'done' : 'refused';
    return call(action, sent, takes === undefined ? undefined : sent + takes - 0.5, result);
  });

test('it says what trying all orders says', () => {
  fc.assert(
    fc.property(fc.array(someCall, { maxLength: 5 }), (calls) => {
      assert.equal(isExplained(...calls), triesAll(calls, 0, 0));
    }),
    { numRuns: 3_000 },
  );
});

/** By definition: any call may be next that was sent before each of the others was answered. */
function triesAll(left: readonly Call<Action, Result>[], state: number, depth: number): boolean {
  if (left.every(({ answered }) => answered === undefined)) return true;
  const firstAnswer = Math.min(...left.map(({ answered }) => answered?.at ?? Number.POSITIVE_INFINITY));
  return left.some((each, index) => {
    if (each.sent >= firstAnswer) return false;
    const next = register.after(state, each.action, each.answered?.result);
    return next !== undefined && triesAll(left.toSpliced(index, 1), next, depth + 1);
  });
}

test('a history with too many orders is undecided, and not said to be explained', () => {
  const lost = Array.from({ length: 12 }, (_, index) =>
    call({ from: index % 3, to: (index + 1) % 3 }, index),
  );
  const history = [...lost, call('read', 20, 21, { saw: 7 })];
  assert.throws(() => explain(history, register, 100), UndecidedError);
  assert.notEqual(explain(history, register), undefined);
});
