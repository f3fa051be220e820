import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkMappings } from '../../harness/mappings/check-mappings.ts';
import {
  type Delivery,
  type Invocation,
  MappingModel,
  type MappingSettings,
  type MappingStart,
  MappingsModel,
  type WindowView,
} from '../../harness/mappings/mapping-model.ts';
import { type Attempt, Model, type ShardView } from '../../harness/model.ts';
import { hashKeyMax } from '../../src/kinesis/hash-key.ts';
import { sequenceNumberOf } from '../../src/kinesis/sequence-number.ts';

const settings: MappingSettings = {
  BatchSize: 10,
  MaximumBatchingWindowInSeconds: 0,
  ParallelizationFactor: 1,
  BisectBatchOnFunctionError: false,
  MaximumRetryAttempts: -1,
  MaximumRecordAgeInSeconds: -1,
  TumblingWindowInSeconds: 0,
  FunctionResponseTypes: [],
};
const now = 1_767_225_600_000;

/** A stream and a mapping that reads it, which keep every promise until a test has one broken. */
class History {
  readonly model = new Model(() => now);
  readonly stream = this.model.stream('orders');
  readonly mappings = new MappingsModel(this.model);
  readonly mapping: MappingModel;
  #offsets = new Map<string, number>();

  constructor(asked: Partial<MappingSettings> = {}, start: MappingStart = { kind: 'TRIM_HORIZON' }) {
    this.stream.created = this.model.moment();
    const sent = this.model.moment();
    this.mapping = new MappingModel('function-0', this.stream, start, { ...settings, ...asked }, sent);
    this.mapping.created = this.model.moment();
    this.mapping.givenUp = [];
    this.mappings.mappings.push(this.mapping);
  }

  put(shard = 'shard-0', partitionKey = 'key'): Attempt {
    const attempt = this.model.attempt(this.stream, partitionKey, undefined, 20);
    const offset = this.#offsets.get(shard) ?? 0;
    this.#offsets.set(shard, offset + 1);
    const number = BigInt(sequenceNumberOf({ index: Number(shard.at(-1)), createdAt: now }, offset, now));
    attempt.outcome = { kind: 'acknowledged', at: this.model.moment(), shard, number };
    return attempt;
  }

  puts(count: number, shard?: string): Attempt[] {
    return Array.from({ length: count }, () => this.put(shard));
  }

  /** The function is called, and answers unless `done` is undefined. */
  call(
    attempts: readonly Attempt[],
    { done, life = 1, window }: { done?: number; life?: number; window?: WindowView } = {},
  ): Invocation {
    const deliveries = attempts.map(deliveryOf);
    const shard = deliveries[0]?.shard ?? 'shard-0';
    const entered = this.model.moment();
    const invocation: Invocation = { life, entered, shard, deliveries, bytes: 100, window };
    this.mapping.invocations.push(invocation);
    if (done === undefined) return invocation;
    const ids = deliveries.slice(0, done).map(({ id }) => id);
    const state = window === undefined ? undefined : [...window.state, ...ids];
    invocation.answer = { sent: this.model.moment(), done, state };
    return invocation;
  }

  does(attempts: readonly Attempt[]): Invocation {
    return this.call(attempts, { done: attempts.length });
  }

  givesUp(attempts: readonly Attempt[], condition = 'RetryAttemptsExhausted'): void {
    const before = this.mapping.givenUp ?? [];
    this.mapping.givenUp = [...before, ...attempts.map((attempt) => ({ ...deliveryOf(attempt), condition }))];
  }

  lists(shards: readonly ShardView[]): void {
    this.stream.listings.push({ sent: this.model.moment(), answered: this.model.moment(), shards });
  }

  get broken(): string[] {
    return [...checkMappings(this.mappings)];
  }

  breaks(sentence: RegExp): void {
    const { broken } = this;
    assert.ok(
      broken.some((said) => sentence.test(said)),
      `${sentence} is not among: ${broken.join('; ')}`,
    );
  }
}

function deliveryOf({ id, partitionKey, data, outcome }: Attempt): Delivery {
  assert(outcome.kind === 'acknowledged');
  return { id, partitionKey, data, shard: outcome.shard, number: outcome.number, arrival: now };
}

function view(id: string, parents: readonly string[]): ShardView {
  return { id, parents, first: 0n, last: hashKeyMax, starting: 0n, ending: undefined };
}

const window: WindowView = { start: now, end: now + 1000, state: [], isFinal: false, isEarly: false };

test('a mapping that does all, or gives it up for a reason, breaks nothing', () => {
  const history = new History({ MaximumRetryAttempts: 1, BisectBatchOnFunctionError: true });
  const [one, two, three] = history.puts(3) as [Attempt, Attempt, Attempt];
  history.call([one, two, three], { done: 0 });
  history.call([one, two], { done: 0 });
  history.does([one]);
  history.call([two], { done: 0 });
  history.call([two]);
  history.givesUp([two]);
  history.does([three]);
  assert.deepEqual(history.broken, []);
});

test('what is neither done nor given up is skipped, unless the mapping was to go', () => {
  const history = new History();
  const [one, two, three] = history.puts(3) as [Attempt, Attempt, Attempt];
  history.does([one]);
  history.does([three]);
  history.breaks(new RegExp(`^skipped: .* ${two.id} `));
  history.mapping.doomed = history.model.moment();
  assert.ok(!history.broken.some((said) => said.startsWith('skipped')));
});

test('what a failed call got is not done by it', () => {
  const history = new History();
  history.call(history.puts(2), { done: 1 });
  history.breaks(/^skipped: .* r1 /);
});

test('a later record of a key that comes before the one before it is done has overtaken it', () => {
  const history = new History();
  const [one, two] = history.puts(2) as [Attempt, Attempt];
  history.call([one], { done: 0 });
  history.does([two]);
  history.does([one]);
  history.breaks(/^overtaken: .* r1 of shard-0 before r0 is done/);
});

test('records of another key may come first', () => {
  const history = new History({ ParallelizationFactor: 2 });
  const [one, two] = [history.put('shard-0', 'left'), history.put('shard-0', 'right')];
  history.does([two]);
  history.does([one]);
  assert.deepEqual(history.broken, []);
});

test('a child whose parent is not done comes too early', () => {
  const history = new History();
  history.lists([view('shard-0', []), view('shard-1', ['shard-0'])]);
  const [parent, child] = [history.put('shard-0'), history.put('shard-1')];
  history.does([child]);
  history.does([parent]);
  history.breaks(/^child first: .* shard-1 before r0 of shard-0 is done/);
});

test('what was checkpointed comes again after it', () => {
  const history = new History();
  const [one, two] = history.puts(2) as [Attempt, Attempt];
  history.does([one, two]);
  history.mapping.checkpoints.push({ answered: history.model.moment(), shard: 'shard-0', done: 1 });
  history.does([two]);
  assert.deepEqual(history.broken, []);
  history.does([one, two]);
  history.breaks(/^repeated: .* r0 of shard-0 again/);
});

test('a batch that fails more often than was asked for is tried without end', () => {
  const history = new History({ MaximumRetryAttempts: 1 });
  const [one] = history.puts(1) as [Attempt];
  history.call([one], { done: 0 });
  history.call([one], { done: 0 });
  history.call([one], { done: 0, life: 2 });
  history.does([one]);
  assert.deepEqual(history.broken, []);
  history.call([one], { done: 0, life: 2 });
  history.call([one], { done: 0, life: 2 });
  history.breaks(/^endless: .* fails 3 times at r0 to r0/);
});

test('what was tried too seldom, or may be tried for ever, is not to be given up', () => {
  for (const MaximumRetryAttempts of [-1, 1]) {
    const history = new History({ MaximumRetryAttempts });
    const [one] = history.puts(1) as [Attempt];
    history.call([one], { done: 0 });
    history.givesUp([one]);
    history.breaks(/^given up: /);
  }
});

test('what is younger than it may be is not given up for its age', () => {
  const history = new History({ MaximumRecordAgeInSeconds: 60 });
  history.givesUp(history.puts(1), 'RecordAgeExceeded');
  history.breaks(/^given up: .* for its age/);
});

test('a batch is no larger than was asked for, of one shard, in order', () => {
  const history = new History({ BatchSize: 1 });
  const [one, two] = history.puts(2) as [Attempt, Attempt];
  history.does([two, one]);
  history.breaks(/^oversized: .* 2 records, of at most 1/);
  history.breaks(/^unordered: .* r0 behind r1/);
  history.does([one, history.put('shard-1')]);
  history.breaks(/^mixed: /);
});

test('a filter lets nothing else in, and what it lets in is owed', () => {
  const history = new History({ prefix: 'r1' });
  const attempts = history.puts(2);
  history.breaks(/^skipped: .* r1 /);
  assert.ok(!history.broken.some((said) => said.includes('r0')));
  history.does(attempts);
  history.breaks(/^unfiltered: .* r0 /);
});

test('at LATEST what was acknowledged before is not owed and does not come, and all after it is', () => {
  const before = new History().model;
  const history = new History({}, { kind: 'LATEST' });
  assert.ok(before.now > 0);
  const [early, late] = history.puts(2) as [Attempt, Attempt];
  assert(early.outcome.kind === 'acknowledged');
  early.outcome = { ...early.outcome, at: 0 };
  history.does([early]);
  history.breaks(/^early: .* r0/);
  history.breaks(new RegExp(`^skipped: .* ${late.id} `));
});

test('no more than a lane each is called at once, and nothing while the mapping rests', () => {
  const history = new History();
  const [one, two] = [history.put('shard-0', 'left'), history.put('shard-0', 'right')];
  const first = history.call([one]);
  history.does([two]);
  first.answer = { sent: history.model.moment(), done: 1 };
  history.breaks(/^crowded: .* 2 times at once for shard-0, of at most 1/);
  history.mapping.rest(history.model.moment());
  history.does([one]);
  history.breaks(/^restless: .* while its mapping is disabled/);
});

test('a window that keeps its state has each record once, and one that loses it is found out', () => {
  const history = new History({ TumblingWindowInSeconds: 1 });
  const [one, two] = history.puts(2) as [Attempt, Attempt];
  history.call([one], { done: 1, window });
  history.call([two], { done: 1, window: { ...window, state: [one.id] } });
  history.call([], { done: 0, window: { ...window, state: [one.id, two.id], isFinal: true } });
  assert.deepEqual(history.broken, []);
  history.call([], { done: 0, window: { ...window, state: [two.id], isFinal: true } });
  history.breaks(/^window: .* a state in .* that it never answered/);
  const lost = new History({ TumblingWindowInSeconds: 1 });
  const [three, four] = lost.puts(2) as [Attempt, Attempt];
  lost.call([three, four], { done: 2, window });
  lost.call([four], { done: 1, window });
  lost.call([], { done: 0, window: { ...window, state: [four.id], isFinal: true } });
  lost.breaks(/^window: the sum of .* lacks r0/);
});
