import assert from 'node:assert/strict';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf } from '../../../harness/shard-text.ts';
import { type Offset, recordsOf } from '../../../src/kinesis/record.ts';
import { type Appended, type Engine, SealedError } from '../../../src/log/log.ts';

/** A batch that was to be appended, and what became of it: nothing is known while the answer is missing. */
type Entry = { readonly texts: readonly string[]; answer?: Appended | Error };

/** Writes down what was promised about the shards of one stream, and compares a log with it. */
export class Ledger {
  readonly stream: string;
  readonly #entries = new Map<number, Entry[]>();
  readonly #trimmed = new Map<number, Offset>();
  readonly #sealed = new Set<number>();
  #next = 0;

  constructor(stream: string) {
    this.stream = stream;
  }

  /** Appends a batch of new records, each with a text of its own that rises from call to call. */
  async append(log: Engine, shard: number, count: number, size = 20): Promise<void> {
    const texts = Array.from({ length: count }, () => `${this.#next++}`.padStart(6, '0').padEnd(size, '.'));
    const entry: Entry = { texts };
    this.#entries.set(shard, [...(this.#entries.get(shard) ?? []), entry]);
    try {
      entry.answer = await this.#shard(log, shard).append(batchOf(...texts));
    } catch (error) {
      assert(error instanceof Error);
      entry.answer = error;
    }
  }

  async trim(log: Engine, shard: number, before: Offset): Promise<void> {
    this.#trimmed.set(shard, before);
    await this.#shard(log, shard).trim(before);
  }

  /** A seal that the system refuses is no promise. */
  async seal(log: Engine, shard: number): Promise<void> {
    const opened = this.#shard(log, shard);
    await opened.seal().then(
      () => this.#sealed.add(shard),
      () => {},
    );
  }

  get acknowledged(): number {
    const entries = [...this.#entries.values()].flat();
    return entries.filter(({ answer }) => answer !== undefined && !(answer instanceof Error)).length;
  }

  /**
   * Fails unless the log holds what was acknowledged, byte for byte, and nothing that was refused or never
   * asked for.
   */
  async check(log: Engine): Promise<void> {
    for (const [shard, entries] of this.#entries) await this.#checkShard(log, shard, entries);
  }

  async #checkShard(log: Engine, number: number, entries: readonly Entry[]): Promise<void> {
    const shard = this.#shard(log, number);
    const start = await shard.start();
    assert.ok(start <= Math.max(0, this.#trimmed.get(number) ?? 0), 'more was forgotten than was trimmed');
    const found = await recordsIn(shard);
    const expected = new Map<Offset, string>();
    for (const { texts, answer } of entries) {
      if (answer === undefined) continue;
      if (answer instanceof Error) {
        for (const text of texts) assert.ok(!found.texts.has(text), 'what was refused is readable');
        continue;
      }
      for (const [index, text] of texts.entries())
        expected.set(answer.first + index, `${text} ${answer.arrival}`);
    }
    for (const [offset, text] of expected) {
      if (offset >= start)
        assert.equal(found.records.get(offset), text, 'what was acknowledged is not there');
    }
    checkUnanswered(entries, found);
    if (this.#sealed.has(number)) await assert.rejects(shard.append(batchOf('x')), SealedError);
  }

  #shard(log: Engine, shard: number): OneShard {
    return new OneShard(log, { stream: this.stream, shard });
  }
}

/** What was neither acknowledged nor refused may be there: whole, once, and in the order of the calls. */
function checkUnanswered(entries: readonly Entry[], found: Found): void {
  const asked = new Set(entries.flatMap(({ texts }) => texts));
  let before = '';
  for (const text of found.records.values()) {
    const name = text.split(' ')[0]!;
    assert.ok(asked.has(name), 'a record was invented');
    assert.ok(name > before, 'records changed places');
    before = name;
  }
  for (const { texts, answer } of entries) {
    const there = texts.filter((text) => found.texts.has(text)).length;
    if (answer === undefined) assert.ok(there === 0 || there === texts.length, 'a part of a batch is there');
  }
}

type Found = { readonly records: Map<Offset, string>; readonly texts: Set<string> };

/** Text and arrival of each record, by offset. */
async function recordsIn(shard: OneShard): Promise<Found> {
  const records = new Map<Offset, string>();
  const { start, end } = await shard.position();
  let next = start;
  while (next < end) {
    const batches = await shard.read(next, { records: 7, bytes: 400 });
    assert.ok(batches.length > 0);
    for (const record of batches.flatMap((batch) => [...recordsOf(batch)])) {
      if (record.offset < next) continue;
      assert.equal(record.offset, next);
      records.set(next, `${record.data} ${record.arrival}`);
      next += 1;
    }
  }
  return { records, texts: new Set([...records.values()].map((text) => text.split(' ')[0]!)) };
}
