import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { check } from '../../harness/checker.ts';
import {
  type Attempt,
  Model,
  type Page,
  type Reader,
  type ShardView,
  type Sighting,
  type StreamModel,
} from '../../harness/model.ts';
import { hashKeyMax } from '../../src/kinesis/hash-key.ts';

const whole: ShardView = {
  id: 'shard-0',
  parents: [],
  first: 0n,
  last: hashKeyMax,
  starting: 0n,
  ending: undefined,
};

/** A history that keeps every promise, to which each test adds one lie. */
class History {
  #hours = 0;
  readonly model = new Model(() => 3_600_000 * this.#hours);
  readonly stream: StreamModel;
  readonly attempts: Attempt[] = [];

  constructor() {
    this.stream = this.model.stream('orders');
    this.stream.created = this.model.moment();
    for (let number = 1n; number <= 5n; number++) this.put(number);
    this.end();
  }

  passes(hours: number): void {
    this.#hours += hours;
    this.model.moment();
  }

  put(number: bigint, shard = 'shard-0'): Attempt {
    const attempt = this.model.attempt(this.stream, 'key', undefined, 20);
    attempt.outcome = { kind: 'acknowledged', at: this.model.moment(), shard, number };
    this.attempts.push(attempt);
    return attempt;
  }

  /** The last word: every record that was put, in the shards that are given. */
  end(shards: readonly ShardView[] = [whole]): void {
    const readers = shards.map((shard) =>
      this.readerOf(shard.id, 0n, [this.page(this.truth(shard.id), { isAtTip: true })]),
    );
    this.stream.last = { listing: this.listing(shards), readers };
  }

  truth(shard = 'shard-0'): Sighting[] {
    return this.attempts
      .flatMap(({ outcome, ...attempt }) =>
        outcome.kind === 'acknowledged' && outcome.shard === shard ? [sighting(attempt, outcome.number)] : [],
      )
      .sort((one, other) => Number(one.number - other.number));
  }

  read(
    records: readonly Sighting[],
    claims: Partial<Page> = {},
    after: bigint | undefined = undefined,
  ): void {
    this.stream.readers.push(this.readerOf('shard-0', after, [this.page(records, claims)]));
  }

  listing(shards: readonly ShardView[]) {
    return { sent: this.model.moment(), answered: this.model.moment(), shards };
  }

  page(records: readonly Sighting[], claims: Partial<Page>): Page {
    return {
      sent: this.model.moment(),
      answered: this.model.moment(),
      records,
      isAtTip: false,
      isEnd: false,
      ...claims,
    };
  }

  readerOf(shard: string, after: bigint | undefined, pages: Page[]): Reader {
    return { stream: this.stream, shard, after, pages };
  }
}

function sighting(
  { data, partitionKey }: { data: string; partitionKey: string },
  number: bigint,
  arrival = 0,
): Sighting {
  return { number, arrival, partitionKey, data };
}

test('a history that keeps every promise passes', () => {
  const history = new History();
  const [, ...rest] = history.truth();
  history.read(rest.slice(0, 2));
  history.read(rest, { isAtTip: true }, 1n);
  history.stream.listings.push(history.listing([whole]));
  assert.deepEqual(check(history.model), []);
});

type Lie = readonly [sentence: RegExp, what: string, tell: (history: History) => void];

const lies: readonly Lie[] = [
  [
    /^lost/,
    'an acknowledged record is not there at the end',
    (history) => {
      history.put(9n);
    },
  ],
  [
    /^phantom/,
    'a record is read that no client sent',
    (history) => {
      history.read([{ number: 9n, arrival: 0, partitionKey: 'key', data: 'ghost:' }]);
    },
  ],
  [
    /^aborted read/,
    'a refused record is read',
    (history) => {
      history.attempts[0]!.outcome = { kind: 'refused' };
    },
  ],
  [
    /^altered/,
    'a record has other bytes',
    (history) => {
      const [first] = history.truth();
      history.read([{ ...first!, data: `${first!.data}!` }]);
    },
  ],
  [
    /^altered/,
    'a record has another key',
    (history) => {
      const [first] = history.truth();
      history.read([{ ...first!, partitionKey: 'other' }]);
    },
  ],
  [
    /^duplicated/,
    'one attempt is at two places',
    (history) => {
      const attempt = history.model.attempt(history.stream, 'key', undefined, 20);
      history.read([sighting(attempt, 6n), sighting(attempt, 7n)]);
    },
  ],
  [
    /^moved/,
    'a record is read under another number than was acknowledged',
    (history) => {
      history.read([{ ...history.truth()[0]!, number: 77n }]);
    },
  ],
  [
    /^inconsistent/,
    'a number stands for two records',
    (history) => {
      history.read([sighting(history.model.attempt(history.stream, 'key', undefined, 20), 1n)]);
    },
  ],
  [
    /^reordered/,
    'a record sent later got a lower number',
    (history) => {
      history.put(4n - 10n);
      history.end([{ ...whole, starting: -99n }]);
    },
  ],
  [
    /^stale/,
    'a reader at the tip lacks what was acknowledged',
    (history) => {
      history.read(history.truth().slice(0, 4), { isAtTip: true }, 0n);
    },
  ],
  [
    /^stale/,
    'a reader at the end lacks what was acknowledged',
    (history) => {
      const pages = [history.page(history.truth().slice(0, 4), {}), history.page([], { isEnd: true })];
      history.stream.readers.push(history.readerOf('shard-0', 0n, pages));
    },
  ],
  [
    /^not alone/,
    'the end of a shard comes with records',
    (history) => {
      history.read(history.truth(), { isAtTip: true, isEnd: true }, 0n);
    },
  ],
  [
    /^skipped/,
    'a reader is not shown what lies between',
    (history) => {
      const [first, , third] = history.truth();
      history.read([first!, third!]);
    },
  ],
  [
    /^skipped/,
    'a reader is not shown what follows its position',
    (history) => {
      history.read(history.truth().slice(2), {}, 1n);
    },
  ],
  [
    /^vanished/,
    'a record that was read is gone',
    (history) => {
      history.read([sighting(history.model.attempt(history.stream, 'key', undefined, 20), 6n)]);
    },
  ],
  [
    /^not monotonic/,
    'a reader goes back',
    (history) => {
      const [first, second] = history.truth();
      history.read([second!, first!]);
    },
  ],
  [
    /^went back/,
    'a reader gets what lies before its position',
    (history) => {
      history.read(history.truth(), {}, 3n);
    },
  ],
  [
    /^time went back/,
    'a record arrived before the one ahead of it',
    (history) => {
      const [first, second] = history.truth();
      history.read([{ ...first!, arrival: 5 }, second!]);
    },
  ],
  [
    /^came back/,
    'a shard begins earlier than it once began',
    (history) => {
      const [, ...rest] = history.truth();
      history.read(rest, {}, 0n);
      history.read(history.truth(), {}, 0n);
    },
  ],
  [
    /^expired/,
    'a record is shown when its retention is over',
    (history) => {
      history.passes(30);
      history.read(history.truth());
    },
  ],
  [
    /^misplaced/,
    'a record is in a shard that its key does not belong to',
    (history) => {
      history.end([{ ...whole, first: hashKeyMax }]);
    },
  ],
  [
    /^misplaced/,
    'a record lies past the end of its shard',
    (history) => {
      history.end([{ ...whole, ending: 3n }]);
    },
  ],
  [
    /^late/,
    'a closed shard took a record',
    (history) => {
      const closed = { ...whole, ending: 99n };
      history.stream.listings.push(history.listing([closed]));
      history.put(6n);
      history.end([closed]);
    },
  ],
  [
    /^late/,
    'a parent took a record after its child did',
    (history) => {
      const child = { ...whole, id: 'shard-1', parents: ['shard-0'], starting: 1n << 150n };
      history.put((1n << 150n) + 1n, 'shard-1');
      history.put(6n);
      history.end([{ ...whole, ending: 99n }, child]);
    },
  ],
  [
    /^hash keys/,
    'the open shards leave a hole',
    (history) => {
      history.stream.listings.push(history.listing([{ ...whole, first: 1n }]));
    },
  ],
  [
    /^hash keys/,
    'the open shards overlap',
    (history) => {
      history.stream.listings.push(history.listing([whole, { ...whole, id: 'shard-1' }]));
    },
  ],
  [
    /^lineage/,
    'a parent is open',
    (history) => {
      history.stream.listings.push(
        history.listing([whole, { ...whole, id: 'shard-1', parents: ['shard-0'] }]),
      );
    },
  ],
  [
    /^lineage/,
    'a child starts before its parent ends',
    (history) => {
      const parent = { ...whole, starting: 1n << 150n, ending: (1n << 150n) + 9n };
      history.stream.listings.push(
        history.listing([parent, { ...whole, id: 'shard-1', parents: ['shard-0'] }]),
      );
    },
  ],
  [
    /^changed/,
    'a shard changes',
    (history) => {
      history.stream.listings.push(history.listing([whole]), history.listing([{ ...whole, starting: 1n }]));
    },
  ],
  [
    /^changed/,
    'a closed shard opens',
    (history) => {
      const later = { ...whole, id: 'shard-1', parents: ['shard-0'], starting: 1n << 150n };
      history.stream.listings.push(
        history.listing([{ ...whole, ending: 99n }, later]),
        history.listing([whole]),
      );
    },
  ],
  [
    /^vanished: shard/,
    'a shard is no longer listed',
    (history) => {
      history.stream.listings.push(history.listing([whole]), history.listing([{ ...whole, id: 'shard-1' }]));
    },
  ],
  [/^state/, 'a stream is being created once more', (history) => see(history, 'ACTIVE', 'CREATING')],
  [/^state/, 'a stream ends that no client deleted', (history) => see(history, 'ACTIVE', 'GONE')],
  [
    /^state/,
    'a deleted stream comes back',
    (history) => {
      history.stream.doomed = history.model.moment();
      see(history, 'DELETING', 'ACTIVE');
    },
  ],
  [
    /^setting/,
    'a confirmed value is forgotten',
    (history) => {
      const { writes, reads } = history.stream.setting('tag', '');
      writes.push({ value: 'new', sent: history.model.moment(), outcome: 'done' });
      reads.push({ value: '', sent: history.model.moment() });
    },
  ],
  [
    /^setting/,
    'a refused value is set',
    (history) => {
      const { writes, reads } = history.stream.setting('tag', '');
      writes.push({ value: 'new', sent: history.model.moment(), outcome: 'refused' });
      reads.push({ value: 'new', sent: history.model.moment() });
    },
  ],
];

function see({ stream, model }: History, ...statuses: ('ACTIVE' | 'CREATING' | 'DELETING' | 'GONE')[]): void {
  for (const status of statuses)
    stream.statuses.push({ sent: model.moment(), answered: model.moment(), status });
}

suite('the checker notices that', () => {
  for (const [sentence, what, tell] of lies) {
    test(what, () => {
      const history = new History();
      tell(history);
      const violations = check(history.model);
      assert.ok(
        violations.some((violation) => sentence.test(violation)),
        violations.join('\n') || 'nothing was noticed',
      );
    });
  }
});

suite('the checker forgives that', () => {
  test('a record of unknown fate is there or not', () => {
    const history = new History();
    history.model.attempt(history.stream, 'key', undefined, 20);
    const other = history.model.attempt(history.stream, 'key', undefined, 20);
    const last = history.stream.last!.readers[0]!.pages;
    last.push(history.page([sighting(other, 6n)], { isAtTip: true }));
    assert.deepEqual(check(history.model), []);
  });

  test('what outlived its retention is gone', () => {
    const history = new History();
    history.read(history.truth());
    history.stream.last!.readers[0]!.pages.length = 0;
    assert.notDeepEqual(check(history.model), []);
    history.passes(24.1);
    assert.deepEqual(check(history.model), []);
  });

  test('what came before a clock that went back is there again', () => {
    const history = new History();
    const [, ...rest] = history.truth();
    history.passes(1);
    history.read(rest, {}, 0n);
    history.passes(-1);
    history.read(history.truth(), {}, 0n);
    assert.doesNotMatch(check(history.model).join('\n'), /^came back/m);
  });

  test('what a shorter retention may have ended is gone, and what a longer one keeps is shown', () => {
    const history = new History();
    const { writes } = history.stream.setting('retention', '24');
    writes.push({ value: '72', sent: history.model.moment(), outcome: 'done' });
    history.passes(48);
    history.read(history.truth());
    assert.deepEqual(check(history.model), []);
    writes.push({ value: '24', sent: history.model.moment(), outcome: 'unknown' });
    history.model.moment();
    history.stream.last!.readers[0]!.pages.length = 0;
    assert.deepEqual(check(history.model), []);
  });

  test('a setting that is confirmed later is the old or the new until then', () => {
    for (const value of ['', 'new']) {
      const history = new History();
      const { writes, reads } = history.stream.setting('tag', '');
      const [sent, read, answered] = [history.model.moment(), history.model.moment(), history.model.moment()];
      writes.push({ value: 'new', sent, answered, outcome: 'done' });
      reads.push({ value, sent: read });
      assert.deepEqual(check(history.model), []);
    }
  });

  test('a setting of unknown fate is the old or the new', () => {
    for (const value of ['', 'new']) {
      const history = new History();
      const { writes, reads } = history.stream.setting('tag', '');
      writes.push({ value: 'new', sent: history.model.moment(), outcome: 'unknown' });
      reads.push({ value, sent: history.model.moment() });
      assert.deepEqual(check(history.model), []);
    }
  });
});
