import type { Millis } from '../env/clock.ts';
import type { Offset } from '../kinesis/record.ts';
import { UnavailableError } from '../log/log.ts';
import type { JournalLog } from './journal-log.ts';

/**
 * Lets go of what a log held before a place. Where others read the log, only after a while: they may have to
 * read there yet what became of their commits. Time is that of the log's records.
 */
export class LateTrim {
  readonly #log: JournalLog;
  /** The log may begin there once that is so long ago. */
  #pending: { readonly before: Offset; readonly since: Millis } | undefined;

  constructor(log: JournalLog) {
    this.#log = log;
  }

  /** Nothing before a place is needed any more, by what had arrived until `since`. */
  async to(before: Offset, since: Millis): Promise<void> {
    if (this.#log.writer === undefined) return await this.#log.trim(before);
    const due = this.#pending;
    if (due === undefined) this.#pending = { before, since };
    if (due === undefined || since - due.since < trimMarginMs) return;
    this.#pending = { before, since };
    try {
      await this.#log.trim(due.before);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      this.#pending = due;
    }
  }
}

/**
 * A writer that stands still for longer, with a commit under way, may not learn what became of it. No caller
 * waits that long.
 */
export const trimMarginMs = 600_000;
