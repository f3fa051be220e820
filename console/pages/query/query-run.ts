import { CallError } from '../../api/call-error.ts';
import { streamEvents } from '../../api/stream-events.ts';
import { errorText } from '../../parts/error-text.ts';
import { wrongOf } from '../records/wrong.ts';
import { QueryResult } from './query-result.ts';

export type QueryAsked = {
  readonly stream: string;
  readonly sql: string;
  readonly from: string;
  readonly until: string;
};

/** Rows that are kept, and characters of all of them. */
const bounds = { rowsMax: 100_000, charactersMax: 64 * 1024 * 1024 };

/** A query that runs. It is cancelled at the server when its connection closes. */
export class QueryRun {
  readonly result = new QueryResult(bounds);
  readonly #cancelled = new AbortController();
  /** It was stopped since there are too many rows. */
  wasFull = false;
  /** It ended without saying so. */
  isBroken = false;
  readonly begunAt = performance.now();
  endedAt: number | undefined;

  cancel(): void {
    this.#cancelled.abort();
  }

  /** Reads to the end, or until it is cancelled. Never rejects: what went wrong is in the result. */
  async run({ stream, ...query }: QueryAsked, onChange: () => void): Promise<void> {
    const path = `/streams/${encodeURIComponent(stream)}/query`;
    try {
      for await (const event of streamEvents(path, query, { signal: this.#cancelled.signal })) {
        this.result.take(event);
        onChange();
        if (this.result.state !== 'running') break;
        if (!this.result.isFull) continue;
        this.wasFull = true;
        break;
      }
      if (this.result.state === 'running') this.#stopped();
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      // What was typed is wrong where it has a place; else the error's name says more.
      const wrong = wrongOf(error.message);
      this.result.fail(wrong.position === undefined ? { message: errorText(error) } : wrong);
    }
    this.endedAt = performance.now();
    onChange();
  }

  #stopped(): void {
    this.isBroken = !this.#cancelled.signal.aborted && !this.wasFull;
    this.result.state = 'stopped';
  }
}
