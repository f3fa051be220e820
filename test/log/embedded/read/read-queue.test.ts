import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReadQueue } from '../../../../src/log/embedded/read/read-queue.ts';

/** Reads that end when they are told to, and the order in which they began. */
class Reads {
  readonly begun: string[] = [];
  readonly queue: ReadQueue;
  readonly #ends = new Map<string, PromiseWithResolvers<void>>();

  constructor(max: number) {
    this.queue = new ReadQueue(max);
  }

  ask(path: string, number: number): Promise<void> {
    const name = `${path} ${number}`;
    this.#ends.set(name, Promise.withResolvers());
    return this.queue.run({ path, number }, () => {
      this.begun.push(name);
      return this.#ends.get(name)!.promise;
    });
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)!.resolve();
    await new Promise(setImmediate);
  }

  /** Ends each as soon as it began, until none is left. */
  async endAll(): Promise<void> {
    for (let index = 0; index < this.begun.length; index++) await this.end(this.begun[index]!);
  }
}

test('no more than so many reads are under way at once', async () => {
  const reads = new Reads(2);
  const asked = [1, 2, 3, 4].map((number) => reads.ask('a/1', number));
  assert.deepEqual(reads.begun, ['a/1 1', 'a/1 2']);
  await reads.end('a/1 2');
  assert.equal(reads.begun.length, 3);
  await reads.endAll();
  await Promise.all(asked);
  assert.equal(reads.begun.length, 4);
});

test('the oldest, and what is furthest behind in its directory, take turns', async () => {
  const reads = new Reads(1);
  for (const [path, number] of [
    ['a/1', 0],
    ['a/2', 9],
    ['a/2', 8],
    ['a/2', 3],
    ['a/1', 7],
    ['b/1', 1],
  ] as const) {
    void reads.ask(path, number);
  }
  await reads.endAll();
  assert.deepEqual(reads.begun, ['a/1 0', 'a/2 9', 'a/1 7', 'a/2 8', 'a/2 3', 'b/1 1']);
});

test('a read that fails lets the next begin', async () => {
  const queue = new ReadQueue(1);
  const failing = queue.run({ path: 'a/1', number: 1 }, () => Promise.reject(new Error('EIO')));
  const next = queue.run({ path: 'a/1', number: 2 }, async () => 'read');
  await assert.rejects(failing, { message: 'EIO' });
  assert.equal(await next, 'read');
});
