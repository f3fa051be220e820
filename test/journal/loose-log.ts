import type { Millis } from '../../src/env/clock.ts';
import type { JournalLog } from '../../src/journal/journal-log.ts';
import type { Offset, RecordBatch, StoredBatch } from '../../src/kinesis/record.ts';
import { type ReadLimit, UnavailableError } from '../../src/log/log.ts';
import type { Scheduler } from './scheduler.ts';

/** How often, of 100 calls, things go wrong. */
export type Looseness = {
  /** An append is not answered. Of these one in three was never carried out, and one in three is late. */
  readonly unanswered: number;
  readonly unread: number;
};

/**
 * A log as one of many writers sees it, far away: what is asked takes its time, answers get lost, and an
 * append that nobody waits for any more may come late.
 */
export class LooseLog implements JournalLog {
  readonly writer: string;
  readonly #log: JournalLog;
  readonly #scheduler: Scheduler;
  readonly #looseness: Looseness;
  /** Appends that were given up, and are to come yet. */
  readonly #late: Promise<unknown>[] = [];

  constructor(writer: string, log: JournalLog, scheduler: Scheduler, looseness: Looseness) {
    this.writer = writer;
    this.#log = log;
    this.#scheduler = scheduler;
    this.#looseness = looseness;
  }

  async append(batch: RecordBatch): Promise<{ first: Offset; arrival: Millis }> {
    const { random } = this.#scheduler;
    await this.#scheduler.turns(3);
    const isLost = random.below(100) < this.#looseness.unanswered;
    const fate = random.below(3);
    if (isLost && fate === 0) throw new UnavailableError('never sent');
    if (isLost && fate === 1) {
      this.#late.push(this.#scheduler.turns(40).then(() => this.#log.append(batch)));
      throw new UnavailableError('under way');
    }
    const appended = await this.#log.append(batch);
    await this.#scheduler.turns(3);
    if (isLost) throw new UnavailableError('answer lost');
    return appended;
  }

  async read(from: Offset, limit: ReadLimit): Promise<readonly StoredBatch[]> {
    const { random } = this.#scheduler;
    await this.#scheduler.turns(2);
    if (random.below(100) < this.#looseness.unread) throw new UnavailableError('no broker answers');
    const found = await this.#log.read(from, { ...limit, records: 1 + random.below(5) });
    await this.#scheduler.turns(2);
    return found;
  }

  async trim(before: Offset): Promise<void> {
    await this.#scheduler.turns(2);
    if (this.#scheduler.random.below(100) < this.#looseness.unread) throw new UnavailableError('no broker');
    await this.#log.trim(before);
  }

  /** Resolves when nothing is to come any more. */
  async quiet(): Promise<void> {
    await Promise.all(this.#late);
  }
}
