import type { Offset } from '../kinesis/record.ts';
import { UnavailableError } from '../log/log.ts';
import type { Taken } from './replay.ts';

/**
 * The edits of a commit may have been made, or not, or may still be: the log does not answer, or what it said
 * was forgotten. Trying again is for those to whom making them twice is right.
 */
export class UnknownOutcomeError extends UnavailableError {
  override readonly name = 'UnknownOutcomeError';
}

/**
 * What became of the records that this writer has put into the log. Where it is not alone each has a name,
 * the key of its record: so it is known again when it was written twice, or nobody said where it is.
 */
export class Outcomes {
  readonly #writer: string | undefined;
  #commits = 0;
  /** Whether what was read since `begin` was applied, by name, else by place. */
  readonly #applied = new Map<string | Offset, boolean>();
  #isAsked = false;
  #hasSkipped = false;

  constructor(writer: string | undefined) {
    this.#writer = writer;
  }

  get isShared(): boolean {
    return this.#writer !== undefined;
  }

  /** Notes what is read from now on. Answers the name of the record that is to be written. */
  begin(): string | undefined {
    this.#applied.clear();
    this.#hasSkipped = false;
    this.#isAsked = true;
    if (this.#writer === undefined) return undefined;
    this.#commits += 1;
    return `${this.#writer}/${this.#commits}`;
  }

  end(): void {
    this.#isAsked = false;
    this.#applied.clear();
  }

  /** Records were read, and some of them counted. */
  read<Edit>({ found, applied, hasSkipped }: Taken<Edit>): void {
    if (!this.#isAsked) return;
    this.#hasSkipped ||= hasSkipped;
    for (const { id, offset } of found) {
      if (this.#applied.get(id ?? offset) !== true) this.#applied.set(id ?? offset, false);
    }
    for (const { id, offset } of applied) this.#applied.set(id ?? offset, true);
  }

  /** Takes over what another reader of the same log has found, which began after what was jumped over. */
  readAnew(other: Outcomes): void {
    if (!this.#isAsked) return;
    this.#hasSkipped = true;
    for (const [record, isApplied] of other.#applied) this.#applied.set(record, isApplied);
  }

  /** Whether a record, by name or place, was read and counted; undefined when it was not read. */
  of(record: string | Offset): boolean | undefined {
    return this.#applied.get(record);
  }

  /**
   * Whether a record counted, once all is read, or once the version was made that it would have made. Throws
   * an `UnknownOutcomeError` when what made it was never read.
   */
  settled(record: string | Offset): boolean {
    const isApplied = this.#applied.get(record);
    if (isApplied !== undefined) return isApplied;
    if (!this.#hasSkipped) return false;
    throw new UnknownOutcomeError('The commit was forgotten, after a snapshot, before it was read.');
  }
}

/**
 * Asks again for what there must be an answer to, until there is one; a log has its own patience each time.
 * Rejects at once with an error that is hopeless, and with an `UnknownOutcomeError` in the end.
 */
export async function untilKnown<Answer>(
  ask: (attempt: number) => Promise<Answer>,
  isHopeless: (error: unknown, attempt: number) => boolean,
): Promise<Answer> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      return await ask(attempt);
    } catch (error) {
      if (error instanceof UnknownOutcomeError || isHopeless(error, attempt)) throw error;
    }
  }
  throw new UnknownOutcomeError('The log does not answer: the commit may have been made, or be made yet.');
}

const attemptsMax = 3;
