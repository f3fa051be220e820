import { advance, type ReadRevision, type Replayed, versionOf } from '../../journal/advance.ts';
import { decodeRevision, type Revision } from '../../journal/revision.ts';
import type { AnyEdit, StateMachine, Versioned } from '../../journal/state-machine.ts';
import { type Offset, recordsOf, type StoredBatch } from '../../kinesis/record.ts';
import { DamagedError, NewerFormatError } from '../../log/log.ts';

/**
 * Replays a journal as far as it can be read. One that is restated is read to its end, whatever is missing in
 * it: no part of it has everything, and the latest that is said of something is what is known of it.
 */
export class JournalReplay<State extends Versioned, Edit extends AnyEdit> {
  /** Offsets of commits that do not decode. */
  readonly unreadable: Offset[] = [];
  readonly #machine: StateMachine<State, Edit>;
  #replayed: Replayed<State>;
  /** Revisions that were read and not replayed: applied together they copy the state only once. */
  #waiting: ReadRevision<Edit>[] = [];
  #next: Offset = 0;
  /** The version that comes next in a log that is restated; undefined before the first. */
  #expected: number | undefined;
  /** Commits that were passed over in such a log. */
  #passed = 0;

  constructor(machine: StateMachine<State, Edit>) {
    this.#machine = machine;
    this.#replayed = { state: machine.empty, known: 0 };
  }

  /** After the last commit that can be replayed. */
  get state(): State {
    return this.#advance().state;
  }

  /** Throws a `NewerFormatError` for what this program does not know. */
  take(batch: StoredBatch): void {
    this.#next = batch.first + batch.count;
    for (const record of recordsOf(batch)) {
      try {
        const revision = decodeRevision(this.#machine, record);
        if (this.#machine.restating !== undefined) this.#expect(revision);
        this.#waiting.push({ ...revision, offset: record.offset });
      } catch (error) {
        if (error instanceof NewerFormatError || !(error instanceof DamagedError)) throw error;
        this.unreadable.push(record.offset);
        if (this.#machine.restating !== undefined) continue;
        // It may have made the next version. If it did not, the next commit does.
        const { state, known } = this.#advance();
        this.#replayed = { state, known: Math.max(known, state.version + 1) };
      }
    }
    if (this.#waiting.length >= waitingMax) this.#advance();
  }

  /** How many commits at least come after the state, given where the journal ends. */
  missing(end: Offset): number {
    const { state, known } = this.#advance();
    return this.#passed + Math.max(0, known - state.version) + Math.max(0, end - this.#next);
  }

  /** What comes after a gap counts as if the log began there. */
  #expect(revision: Revision<Edit>): void {
    const after = versionOf(revision) - 1;
    if (this.#expected !== undefined && after > this.#expected) {
      this.#passed += after - this.#expected;
      this.#replayed = { state: this.#advance().state, known: 0 };
    }
    this.#expected = after + 1;
  }

  #advance(): Replayed<State> {
    this.#replayed = advance(this.#machine, this.#replayed, this.#waiting);
    this.#waiting = [];
    return this.#replayed;
  }
}

const waitingMax = 10_000;
