import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HelperEvents } from '../../src/env/helper.ts';
import { BodyHelper } from '../../src/rpc/body-helper.ts';
import { type BodyAnswer, type BodyJob, workOn } from '../../src/rpc/large-body.ts';
import { operations } from '../../src/services/kinesis/operations.ts';
import { json } from '../../src/wire/json/json.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

/** Helpers that do a job when a test says so. */
class Helpers {
  readonly clock = new ManualClock();
  readonly bodies = new BodyHelper((events) => this.#start(events), this.clock);
  started = 0;
  ended = 0;
  readonly #jobs: BodyJob[] = [];
  #events: HelperEvents<BodyAnswer> | undefined;

  #start(events: HelperEvents<BodyAnswer>) {
    this.started++;
    this.#events = events;
    return {
      post: (job: BodyJob) => this.#jobs.push(job),
      end: async () => {
        this.ended++;
        events.ended(undefined);
      },
    };
  }

  work(): void {
    this.#events!.answered(workOn(this.#jobs.shift()!, operations).answer);
  }

  die(): void {
    this.#jobs.length = 0;
    this.#events!.ended(new Error('out of memory'));
  }
}

const listShards = operations.get('ListShards')!;
const named = (name: string) => Buffer.from(`{"StreamName":"${name}"}`.padEnd(2_000_000));

test('the first large body has the helper started, and each call gets its own answer', async () => {
  const helpers = new Helpers();
  assert.equal(helpers.started, 0);
  const calls = ['one', 'two'].map((name) => helpers.bodies.read(named(name), listShards, json));
  helpers.work();
  helpers.work();
  const inputs = (await Promise.all(calls)).map(({ input }) => input);
  assert.deepEqual(inputs, [{ StreamName: 'one' }, { StreamName: 'two' }]);
  assert.equal(helpers.started, 1);
});

test('what a helper refuses rejects as it would have in this thread', async () => {
  const helpers = new Helpers();
  const call = helpers.bodies.read(Buffer.alloc(2_000_000, '['), listShards, json);
  helpers.work();
  await assert.rejects(call, { name: 'SerializationException', message: '', status: 400 });
});

test('a helper that has nothing to do for ten seconds is ended; the next body has another started', async () => {
  const helpers = new Helpers();
  const first = helpers.bodies.hash(Buffer.alloc(2_000_000));
  helpers.work();
  await first;
  await helpers.clock.advance(9_999);
  assert.equal(helpers.ended, 0);
  await helpers.clock.advance(1);
  assert.equal(helpers.ended, 1);
  const second = helpers.bodies.hash(Buffer.alloc(2_000_000));
  helpers.work();
  assert.equal((await second).body.length, 2_000_000);
  assert.equal(helpers.started, 2);
});

test('a helper is not ended while it works, however long that takes', async () => {
  const helpers = new Helpers();
  const first = helpers.bodies.hash(Buffer.alloc(2_000_000));
  helpers.work();
  await first;
  await helpers.clock.advance(9_000);
  const second = helpers.bodies.hash(Buffer.alloc(2_000_000));
  await helpers.clock.advance(60_000);
  assert.equal(helpers.ended, 0);
  helpers.work();
  await second;
});

test('a helper that dies fails the calls that wait for it, and the next one starts another', async () => {
  const helpers = new Helpers();
  const calls = [1, 2].map(() => helpers.bodies.hash(Buffer.alloc(2_000_000)));
  helpers.die();
  for (const call of calls) {
    await assert.rejects(call, (error: Error) => String(error.cause) === 'Error: out of memory');
  }
  const next = helpers.bodies.hash(Buffer.alloc(2_000_000));
  helpers.work();
  assert.equal((await next).body.length, 2_000_000);
  assert.equal(helpers.started, 2);
});

test('closing ends the helper, and fails the calls that wait for it', async () => {
  const helpers = new Helpers();
  const call = helpers.bodies.hash(Buffer.alloc(2_000_000));
  const failed = assert.rejects(call, /ended/);
  await helpers.bodies.close();
  await failed;
  assert.equal(helpers.ended, 1);
});
