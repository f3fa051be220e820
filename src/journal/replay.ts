import type { Millis } from '../env/clock.ts';
import { type Offset, recordsOf, type StoredBatch } from '../kinesis/record.ts';
import { advance, type ReadRevision, type Replayed } from './advance.ts';
import type { JournalLog } from './journal-log.ts';
import { Restater } from './restater.ts';
import { decodeRevision, isRewrite, type Revision } from './revision.ts';
import type { AnyEdit, StateMachine, Versioned } from './state-machine.ts';

/** A revision with its place in the log, and its name there where its writer is not alone. */
export type FoundRevision<Edit> = ReadRevision<Edit> & {
  readonly offset: Offset;
  readonly id: string | undefined;
};

/**
 * What was found in batches: all of it, and what of it counted. `hasSkipped` is true when commits were jumped
 * over that were never seen.
 */
export type Taken<Edit> = {
  readonly found: readonly FoundRevision<Edit>[];
  readonly applied: readonly FoundRevision<Edit>[];
  readonly hasSkipped: boolean;
};

/** A log as far as it was read: the state, and what of the log is needed for it. */
export class Replay<State extends Versioned, Edit extends AnyEdit> {
  readonly #machine: StateMachine<State, Edit>;
  /** Undefined where there are snapshots. */
  readonly restater: Restater<State, Edit> | undefined;
  #replayed: Replayed<State>;
  #next: Offset = 0;
  #bytesSinceWhole = 0;
  #wholeAt: Offset = 0;
  #rewrittenAt: Offset = 0;
  #lastArrival: Millis = Number.NEGATIVE_INFINITY;
  #failure: unknown;

  constructor(machine: StateMachine<State, Edit>, slackBytes: number) {
    this.#machine = machine;
    this.#replayed = { state: machine.empty, known: 0 };
    const { restating } = machine;
    this.restater = restating && new Restater(restating, slackBytes);
  }

  get state(): State {
    return this.#replayed.state;
  }

  /** The latest version that there is, as far as is known. */
  get known(): number {
    return this.#replayed.known;
  }

  /** False when a version is missing. */
  get isWhole(): boolean {
    return this.state.version === this.known;
  }

  /** All records before it were read. */
  get next(): Offset {
    return this.#next;
  }

  /** What was written since the latest record that has the whole state as it was there, and where that is. */
  get bytesSinceWhole(): number {
    return this.#bytesSinceWhole;
  }

  get wholeAt(): Offset {
    return this.#wholeAt;
  }

  /** Where the latest rewrite is that counted: nothing before it may stay in the log. */
  get rewrittenAt(): Offset {
    return this.#rewrittenAt;
  }

  /** When the latest record arrived. */
  get lastArrival(): Millis {
    return this.#lastArrival;
  }

  /** Why nothing of the log can be read, or written, any more: a record that cannot be understood. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Reads on to the log's end; each record is read once. `show` is told what counts right before the state
   * shows it. Rejects when a record cannot be understood, and shows nothing of it then.
   */
  async readOn(log: JournalLog, show: (taken: Taken<Edit>) => void): Promise<void> {
    for (;;) {
      const batches = await log.read(this.#next, page);
      if (batches.length === 0) return;
      try {
        this.#take(batches, show);
      } catch (error) {
        this.#failure = error;
        throw error;
      }
    }
  }

  #take(batches: readonly StoredBatch[], show: (taken: Taken<Edit>) => void): void {
    const { found, lengths, next } = this.#decoded(batches);
    const { applied, whole, hasSkipped, ...replayed } = advance(this.#machine, this.#replayed, found);
    const counted = new Set(applied);
    for (const [index, revision] of found.entries()) {
      this.#passed(revision, lengths[index]!, counted.has(revision), revision === whole);
    }
    this.#next = next;
    for (const { arrival } of batches) this.#lastArrival = Math.max(this.#lastArrival, arrival);
    show({ found, applied, hasSkipped });
    this.#replayed = replayed;
  }

  /**
   * Reads a record that was just written here, and that counts as the next version of `after`. Answers
   * whether it did; undefined when it must be read, because others are before it, it was read already, or a
   * version is missing.
   */
  made(record: Written<State, Edit>, show: () => void): boolean | undefined {
    const { first, arrival, bytes, revision, after, stateAfter } = record;
    if (first !== this.#next || !this.isWhole) return undefined;
    const counts = after === this.state.version;
    this.#next = first + 1;
    this.#lastArrival = Math.max(this.#lastArrival, arrival);
    this.#passed({ ...revision, offset: first }, bytes, counts, counts && 'version' in revision);
    if (!counts) return false;
    this.restater?.wrote(bytes);
    const state = stateAfter();
    show();
    this.#replayed = { state, known: state.version };
    return true;
  }

  #passed(
    revision: Revision<Edit> & { readonly offset: Offset },
    bytes: number,
    counts: boolean,
    isWhole: boolean,
  ): void {
    const { offset } = revision;
    this.restater?.passed(offset, bytes, counts);
    this.#bytesSinceWhole = isWhole ? 0 : this.#bytesSinceWhole + bytes;
    if (isWhole) this.#wholeAt = offset;
    if (counts && isRewrite(revision)) this.#rewrittenAt = offset;
  }

  #decoded(batches: readonly StoredBatch[]) {
    const found: FoundRevision<Edit>[] = [];
    const lengths: number[] = [];
    let next = this.#next;
    for (const batch of batches) {
      for (const { offset, partitionKey: id, data } of recordsOf(batch)) {
        if (offset < next) continue;
        found.push({ ...decodeRevision(this.#machine, { offset, data }), offset, id });
        lengths.push(data.length);
      }
      next = Math.max(next, batch.first + batch.count);
    }
    return { found, lengths, next };
  }
}

const page = { records: 10_000, bytes: 1024 * 1024 };

type Written<State, Edit> = {
  readonly first: Offset;
  readonly arrival: Millis;
  readonly bytes: number;
  readonly revision: Revision<Edit>;
  readonly after: number;
  /** The state with it. */
  readonly stateAfter: () => State;
};
