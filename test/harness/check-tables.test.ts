import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkTables } from '../../harness/check-tables.ts';
import { type Lease, type LeaseAction, type LeaseResult, TablesModel } from '../../harness/tables-model.ts';

const made: Lease = { owner: 'one', counter: 0, checkpoint: 't0' };

/** A history that keeps every promise, to which each test adds one lie. */
class History {
  readonly model = new TablesModel();

  constructor() {
    this.acts({ kind: 'create', lease: made });
    this.acts({ kind: 'renew', worker: 'one', counter: 0 });
    this.acts({ kind: 'take', worker: 'two', counter: 1 });
    this.acts({ kind: 'renew', worker: 'one', counter: 1 }, { kind: 'refused' });
    this.sees({ owner: 'two', counter: 2, checkpoint: 't0' });
    const first = this.model.addition({ east: 5 });
    const second = this.model.addition({ east: -2, west: 2 });
    first.outcome = 'done';
    second.outcome = 'done';
    this.model.counters = new Map([
      ['east', { total: 3, ids: [first.id, second.id] }],
      ['west', { total: 2, ids: [second.id] }],
    ]);
  }

  acts(action: LeaseAction, result: LeaseResult | undefined = { kind: 'done' }): void {
    const sent = this.model.moment();
    const answered = result === undefined ? undefined : { at: this.model.moment(), result };
    this.model.note('shard-0', { action, sent, answered });
  }

  neverHears(action: LeaseAction): void {
    this.model.note('shard-0', { action, sent: this.model.moment(), answered: undefined });
  }

  sees(lease: Lease | undefined): void {
    this.acts({ kind: 'read' }, { kind: 'done', seen: { lease } });
  }

  counter(name: string, total: number, ids: readonly string[]): void {
    this.model.counters = new Map([...this.model.counters!, [name, { total, ids }]]);
  }

  get complaints(): string[] {
    return [...checkTables(this.model)];
  }
}

test('a history without lies is taken as it is', () => {
  assert.deepEqual(new History().complaints, []);
});

test('a lease may not be there at first, and again after it was deleted', () => {
  const history = new History();
  history.acts({ kind: 'delete', counter: 2 });
  history.sees(undefined);
  history.acts({ kind: 'create', lease: { ...made, counter: 9_000 } });
  history.sees({ ...made, counter: 9_000 });
  history.model.note('shard-1', {
    action: { kind: 'read' },
    sent: history.model.moment(),
    answered: { at: history.model.moment(), result: { kind: 'done', seen: { lease: undefined } } },
  });
  assert.deepEqual(history.complaints, []);
});

test('what was never answered may have been done, or not', () => {
  for (const counter of [2, 3]) {
    const history = new History();
    history.neverHears({ kind: 'renew', worker: 'two', counter: 2 });
    history.sees({ owner: 'two', counter, checkpoint: 't0' });
    assert.deepEqual(history.complaints, []);
  }
});

type Lie = readonly [title: string, tell: (history: History) => void, complaint: RegExp];

const lies: readonly Lie[] = [
  [
    'an acknowledged renewal is lost',
    (history) => history.sees({ owner: 'two', counter: 1, checkpoint: 't0' }),
    /^not in any order/,
  ],
  ['an acknowledged creation is lost', (history) => history.sees(undefined), /^not in any order/],
  [
    'an old item comes back after a newer one',
    (history) => {
      history.acts({ kind: 'checkpoint', worker: 'two', counter: 2, to: 't9' });
      history.sees({ owner: 'two', counter: 2, checkpoint: 't9' });
      history.sees({ owner: 'two', counter: 2, checkpoint: 't0' });
    },
    /^not in any order/,
  ],
  [
    'two workers have one lease',
    (history) => history.acts({ kind: 'take', worker: 'three', counter: 1 }),
    /^won twice: shard-0 at 1 was given to two and to three/,
  ],
  [
    'a worker renews a lease that it lost without knowing',
    (history) => {
      history.neverHears({ kind: 'take', worker: 'three', counter: 2 });
      history.sees({ owner: 'three', counter: 3, checkpoint: 't0' });
      history.acts({ kind: 'renew', worker: 'two', counter: 3 });
    },
    /^not in any order/,
  ],
  [
    'a condition that holds is refused',
    (history) => history.acts({ kind: 'renew', worker: 'two', counter: 2 }, { kind: 'refused' }),
    /^not in any order/,
  ],
  [
    'what was refused is done all the same',
    (history) => {
      history.acts({ kind: 'take', worker: 'three', counter: 7 }, { kind: 'refused' });
      history.sees({ owner: 'three', counter: 8, checkpoint: 't0' });
    },
    /^not in any order/,
  ],
  [
    'an answer shows another item than the one that it made',
    (history) =>
      history.acts(
        { kind: 'renew', worker: 'two', counter: 2 },
        { kind: 'done', seen: { lease: { ...made, counter: 3 } } },
      ),
    /^not in any order/,
  ],
  ['an acknowledged addition is lost', (history) => history.counter('east', -2, ['t1']), /^lost: t0/],
  [
    'an addition is applied twice',
    (history) => history.counter('east', 8, ['t0', 't1']),
    /^applied twice, or lost: east is 8/,
  ],
  ['half of a transaction is done', (history) => history.counter('west', 0, []), /^half done: t1 is in east/],
  [
    'a counter holds what nobody sent',
    (history) => history.counter('north', 0, ['t77']),
    /^phantom: north holds t77/,
  ],
  [
    'an addition that was refused is there',
    (history) => {
      const refused = history.model.addition({ west: 4 });
      refused.outcome = 'refused';
      history.counter('west', 6, ['t1', refused.id]);
    },
    /^aborted: t2/,
  ],
];

suite('the checker finds out that', () => {
  for (const [title, tell, complaint] of lies) {
    test(title, () => {
      const history = new History();
      tell(history);
      assert.match(history.complaints[0] ?? 'nothing', complaint);
    });
  }
});

test('what is known before a moment is neither tables nor writes of later, and the last word comes after all of it', () => {
  const model = new TablesModel();
  model.made.set('early', model.moment());
  const early = model.addition({ east: 1 });
  const cut = model.moment();
  model.answer(early, 'done');
  model.addition({ east: 2 });
  model.made.set('late', model.moment());
  const past = model.before(cut);
  assert.deepEqual([...past.made.keys()], ['early']);
  assert.deepEqual(
    past.additions.map(({ id, outcome }) => ({ id, outcome })),
    [{ id: early.id, outcome: 'unknown' }],
  );
  assert.ok(past.moment() > cut);
});
