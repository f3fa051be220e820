import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PageBudget } from '../../src/stream/page-budget.ts';

const mebibyte = 1024 * 1024;

/** Pages that are under way until they are told to end, and what each was allowed. */
class Pages {
  readonly allowed: number[] = [];
  readonly #ends: PromiseWithResolvers<void>[] = [];
  readonly #budget = new PageBudget(25 * mebibyte);

  begin(): Promise<void> {
    const end = Promise.withResolvers<void>();
    this.#ends.push(end);
    return this.#budget.use((bytesMax) => {
      this.allowed.push(bytesMax / mebibyte);
      return end.promise;
    });
  }

  async end(index: number): Promise<void> {
    this.#ends[index]!.resolve();
    await new Promise(setImmediate);
  }

  fail(index: number): void {
    this.#ends[index]!.reject(new Error('EIO'));
  }
}

test('a page may be as large as those of AWS while there is room, and then has what is left', () => {
  const pages = new Pages();
  for (let page = 0; page < 3; page++) void pages.begin();
  assert.deepEqual(pages.allowed, [10, 10, 5]);
});

test('a page may always have a mebibyte', () => {
  const pages = new Pages();
  for (let page = 0; page < 100; page++) void pages.begin();
  assert.deepEqual(new Set(pages.allowed.slice(3)), new Set([1]));
});

test('what a page was allowed is there for the next one when it is made', async () => {
  const pages = new Pages();
  for (let page = 0; page < 3; page++) void pages.begin();
  await pages.end(0);
  void pages.begin();
  assert.equal(pages.allowed.at(-1), 10);
});

test('also when it could not be made', async () => {
  const pages = new Pages();
  const failing = pages.begin();
  pages.fail(0);
  await assert.rejects(failing, { message: 'EIO' });
  for (let page = 0; page < 3; page++) void pages.begin();
  assert.deepEqual(pages.allowed, [10, 10, 10, 5]);
});
