import type { Env } from '../../src/env/env.ts';

/** What a careless author may forget. */
export type Mistake = 'none' | 'no sync' | 'answer before sync' | 'no directory sync';

/** A toy program: counts, one byte for each, and promises that a count it answered is never forgotten. */
export class Counter {
  readonly #env: Env;
  readonly #mistake: Mistake;
  #count = 0;

  private constructor(env: Env, mistake: Mistake) {
    this.#env = env;
    this.#mistake = mistake;
  }

  static async open(env: Env, mistake: Mistake): Promise<Counter> {
    const counter = new Counter(env, mistake);
    await env.disk.createDirectory('counter');
    if (!(await env.disk.list('counter')).includes('count')) await counter.#create();
    await counter.#recover();
    return counter;
  }

  get count(): number {
    return this.#count;
  }

  /** Resolves with the new count once it is durable. */
  async increment(): Promise<number> {
    const next = this.#count + 1;
    const file = await this.#env.disk.open('counter/count', 'write');
    await file.write([Buffer.of(0xff)], this.#count);
    const synced = this.#mistake === 'no sync' ? Promise.resolve() : file.sync();
    if (this.#mistake !== 'answer before sync') await synced;
    this.#count = next;
    void synced.then(() => file.close());
    return next;
  }

  async #create(): Promise<void> {
    const { disk } = this.#env;
    await (await disk.open('counter/count', 'create')).close();
    if (this.#mistake !== 'no directory sync') await disk.syncDirectory('counter');
  }

  /** Counts the bytes that were really written: a file that a crash left may have zeros at its end. */
  async #recover(): Promise<void> {
    const file = await this.#env.disk.open('counter/count', 'write');
    const bytes = Buffer.alloc(await file.size());
    await file.read(bytes, 0);
    const end = bytes.indexOf(0);
    this.#count = end === -1 ? bytes.length : end;
    await file.truncate(this.#count);
    await file.sync();
    if (this.#mistake !== 'no directory sync') await this.#env.disk.syncDirectory('counter');
    await file.close();
  }
}
