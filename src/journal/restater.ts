import type { Offset } from '../kinesis/record.ts';
import type { Restating } from './state-machine.ts';

/**
 * Keeps a log that is restated short. While it is longer than twice the facts, each round says again as many
 * bytes of the oldest facts as the rounds before have written: so by the time that all facts were said anew,
 * the log has grown by no more than twice the facts, and then begins where that began. It stays below four
 * times the facts and a few `slackBytes`.
 */
export class Restater<State, Edit> {
  readonly #facts: Restating<State, Edit>;
  readonly #slackBytes: number;
  /** Records that counted and where the log's bytes before them end, oldest first, some way apart. */
  readonly #marks: Mark[] = [];
  /** Of all records that were seen. */
  #bytes = 0;
  /** Bytes that were written and that no fact was said again for. */
  #debt = 0;
  /** What the round that is being decided says again. */
  #restatedBytes = 0;
  #mayTrim = false;
  #latest: Offset | undefined;

  constructor(facts: Restating<State, Edit>, slackBytes: number) {
    this.#facts = facts;
    this.#slackBytes = slackBytes;
  }

  /** A record was read or written. It can be trimmed at only when it counted. */
  passed(at: Offset, bytes: number, counted: boolean): void {
    const last = this.#marks.at(-1);
    if (counted) {
      if (last === undefined || this.#bytes - last.bytesBefore >= this.#slackBytes / marksOfSlack) {
        this.#marks.push({ at, bytesBefore: this.#bytes });
        this.#mayTrim = true;
      }
      this.#latest = at;
    }
    this.#bytes += bytes;
  }

  /** What the next round is to say again, before its own edits. */
  due(state: State): readonly Edit[] {
    this.#restatedBytes = 0;
    if (this.#logBytes() <= 2 * this.#facts.bytesOf(state) + this.#slackBytes) {
      this.#debt = 0;
      return [];
    }
    const { edits, bytes } = this.#facts.restate(state, Math.min(this.#debt, restatedBytesMax));
    this.#restatedBytes = bytes;
    return edits;
  }

  /** The round that `due` was asked for was written, and was so long. */
  wrote(bytes: number): void {
    this.#debt = Math.max(0, this.#debt + bytes - 2 * this.#restatedBytes);
  }

  /** Where the log may begin, when something worth it can be forgotten. */
  trimmable(state: State): Offset | undefined {
    const isLong = this.#logBytes() > 4 * this.#facts.bytesOf(state) + this.#slackBytes;
    if (!this.#mayTrim && !isLong) return undefined;
    this.#mayTrim = false;
    const oldest = this.#facts.oldest(state) ?? this.#latest;
    let passed = 0;
    // Never behind the latest commit, which says the version.
    while (passed + 1 < this.#marks.length && this.#marks[passed + 1]!.at <= oldest!) passed += 1;
    if (passed === 0) return undefined;
    this.#marks.splice(0, passed);
    return this.#marks[0]!.at;
  }

  #logBytes(): number {
    return this.#bytes - (this.#marks[0]?.bytesBefore ?? this.#bytes);
  }
}

type Mark = { readonly at: Offset; readonly bytesBefore: number };

/** How many places there are in the slack at which the log can be trimmed. */
const marksOfSlack = 4;

/** No record says more than this again. */
const restatedBytesMax = 1024 * 1024;
