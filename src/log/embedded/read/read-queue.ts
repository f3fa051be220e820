/** Where in a log something is to be read: in which file of which directory, and which of its blocks. */
type ReadPlace = { readonly path: string; readonly number: number };

type Waiting = ReadPlace & { readonly begin: () => void };

/**
 * Lets only a few reads be under way at once, so that rounds find threads for their writes. The next read is
 * in turns the oldest that waits and the one furthest behind in the oldest's directory: readers of a stream
 * that are behind catch up with the others, and from then on find in memory what those have read.
 */
export class ReadQueue {
  readonly #max: number;
  /** The oldest first. */
  readonly #waiting: Waiting[] = [];
  #underWay = 0;
  #isOldestsTurn = false;

  constructor(max: number) {
    this.#max = max;
  }

  /** Reads when it is its turn. */
  async run<T>(place: ReadPlace, read: () => Promise<T>): Promise<T> {
    if (this.#underWay === this.#max) {
      await new Promise<void>((begin) => this.#waiting.push({ ...place, begin }));
    } else this.#underWay++;
    try {
      return await read();
    } finally {
      const next = this.#takeNext();
      if (next === undefined) this.#underWay--;
      else next.begin();
    }
  }

  #takeNext(): Waiting | undefined {
    const [oldest] = this.#waiting;
    if (oldest === undefined) return undefined;
    this.#isOldestsTurn = !this.#isOldestsTurn;
    const next = this.#isOldestsTurn ? oldest : this.#furthestBehind(directoryOf(oldest));
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    return next;
  }

  #furthestBehind(directory: string): Waiting {
    return this.#waiting
      .filter((waiting) => directoryOf(waiting) === directory)
      .reduce((least, waiting) => (isBefore(waiting, least) ? waiting : least));
  }
}

function directoryOf({ path }: ReadPlace): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** In one directory the order of the names is the order of the files. */
function isBefore(one: ReadPlace, other: ReadPlace): boolean {
  return one.path === other.path ? one.number < other.number : one.path < other.path;
}
