/** Tells on one line how far a restore is. */
export class RestoreProgress {
  readonly #write: (line: string) => void;
  #bytesAll = 0;
  #bytes = 0;
  #place = '';
  #toFind = 0;
  #found = 0;

  /** `write` is told the whole line each time. */
  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** So many more bytes are to be taken. */
  expect(bytes: number): void {
    this.#bytesAll += bytes;
  }

  /** So many objects of a stream are looked at. */
  find(stream: string, objects: number): void {
    this.#place = stream;
    this.#toFind = objects;
    this.#found = 0;
  }

  found(): void {
    this.#found++;
    this.#write(
      `${this.#place}: ${this.#found.toLocaleString('en')} of ${this.#toFind.toLocaleString('en')} segments found`,
    );
  }

  at(path: string): void {
    this.#place = path;
    this.#write(this.text);
  }

  took(bytes: number): void {
    this.#bytes += bytes;
    this.#write(this.text);
  }

  get text(): string {
    const done = this.#bytesAll === 0 ? 1 : this.#bytes / this.#bytesAll;
    const filled = Math.round(done * barColumns);
    const bar = `${'#'.repeat(filled)}${'.'.repeat(barColumns - filled)}`;
    const amount = `${megabytes(this.#bytes)} of ${megabytes(this.#bytesAll)} MB`;
    return `[${bar}] ${Math.floor(done * 100)} % ${amount}, ${this.#place}`;
  }
}

const barColumns = 24;

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
