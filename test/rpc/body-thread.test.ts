import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Port, Worker, Workers } from '../../src/env/workers.ts';
import { BodyThread } from '../../src/rpc/body-thread.ts';
import { type BodyAnswer, type BodyJob, workOn } from '../../src/rpc/large-body.ts';
import { readableServices } from '../../src/server/served.ts';
import { bodyProgram } from '../../src/server/workers/body-thread.ts';
import { ManualClock, settled } from '../services/kinesis/manual-clock.ts';
import { callOf } from './kinesis-call.ts';

/** Threads that do a job when a test says so. */
class Threads implements Workers {
  readonly coresMax = 2;
  readonly clock = new ManualClock();
  readonly bodies = new BodyThread(bodyProgram, this, this.clock);
  started = 0;
  ended = 0;
  #jobs: unknown[] = [];
  #answered: (answer: BodyAnswer) => void = () => {};
  #end: (error?: Error) => void = () => {};

  start(): Worker {
    this.started++;
    const { promise: ended, resolve } = Promise.withResolvers<Error | undefined>();
    this.#end = resolve;
    const terminate = async () => {
      this.ended++;
      resolve(undefined);
    };
    return { ended, terminate };
  }

  /** Jobs are kept until they are worked on; the other end is not used. */
  channel<Out, In>(): readonly [Port<Out, In>, Port<In, Out>] {
    const unused: Port<In, Out> = { post() {}, listen() {}, take: () => undefined, close() {} };
    const jobs: Port<Out, In> = {
      ...{ take: () => undefined, close() {} },
      post: (job) => this.#jobs.push(job),
      listen: (receive) => {
        this.#answered = (answer) => receive(answer as In);
      },
    };
    return [jobs, unused];
  }

  async work(): Promise<void> {
    (await this.saying())();
  }

  /** Does a job, and answers what says so. */
  async saying(): Promise<() => void> {
    const answered = this.#answered;
    const { answer } = await workOn(this.#jobs.shift() as BodyJob, readableServices);
    return () => answered(answer);
  }

  die(): void {
    this.#jobs = [];
    this.#end(new Error('out of memory'));
  }
}

const listShards = callOf('ListShards');
const named = (name: string) => Buffer.from(`{"StreamName":"${name}"}`.padEnd(2_000_000));

test('the first large body has the thread started, and each call gets its own answer', async () => {
  const threads = new Threads();
  assert.equal(threads.started, 0);
  const calls = ['one', 'two'].map((name) => threads.bodies.read(named(name), listShards));
  await threads.work();
  await threads.work();
  const inputs = (await Promise.all(calls)).map(({ input }) => input);
  assert.deepEqual(inputs, [{ StreamName: 'one' }, { StreamName: 'two' }]);
  assert.equal(threads.started, 1);
});

test('what a thread refuses rejects as it would have in this thread', async () => {
  const threads = new Threads();
  const call = threads.bodies.read(Buffer.alloc(2_000_000, '['), listShards);
  await threads.work();
  await assert.rejects(call, { name: 'SerializationException', message: '', status: 400 });
});

test('a thread that has nothing to do for ten seconds is ended; the next body has another started', async () => {
  const threads = new Threads();
  const first = threads.bodies.hash(Buffer.alloc(2_000_000));
  await threads.work();
  await first;
  await threads.clock.advance(9_999);
  assert.equal(threads.ended, 0);
  await threads.clock.advance(1);
  assert.equal(threads.ended, 1);
  const second = threads.bodies.hash(Buffer.alloc(2_000_000));
  await threads.work();
  assert.equal((await second).body.length, 2_000_000);
  assert.equal(threads.started, 2);
});

test('a thread is not ended while it works, however long that takes', async () => {
  const threads = new Threads();
  const first = threads.bodies.hash(Buffer.alloc(2_000_000));
  await threads.work();
  await first;
  await threads.clock.advance(9_000);
  const second = threads.bodies.hash(Buffer.alloc(2_000_000));
  await threads.clock.advance(60_000);
  assert.equal(threads.ended, 0);
  await threads.work();
  await second;
});

test('a thread that dies fails the calls that wait for it, and the next one starts another', async () => {
  const threads = new Threads();
  const causes: unknown[] = [];
  for (const call of [1, 2].map(() => threads.bodies.hash(Buffer.alloc(2_000_000)))) {
    call.catch((error: Error) => causes.push(String(error.cause)));
  }
  threads.die();
  await settled();
  assert.deepEqual(causes, ['Error: out of memory', 'Error: out of memory']);

  const next = threads.bodies.hash(Buffer.alloc(2_000_000));
  await threads.work();
  assert.equal((await next).body.length, 2_000_000);
  assert.equal(threads.started, 2);
});

test('what a thread says that was given up is no answer to a call of the next one', async () => {
  const threads = new Threads();
  threads.bodies.read(named('old'), listShards).catch(() => {});
  const sayOld = await threads.saying();
  await threads.bodies.close();
  const call = threads.bodies.read(named('new'), listShards);
  sayOld();
  await threads.work();
  assert.deepEqual((await call).input, { StreamName: 'new' });
});

test('closing ends the thread, and fails the calls that wait for it', async () => {
  const threads = new Threads();
  const call = threads.bodies.hash(Buffer.alloc(2_000_000));
  const failed = assert.rejects(call, /ended/);
  await threads.bodies.close();
  await failed;
  assert.equal(threads.ended, 1);
});
