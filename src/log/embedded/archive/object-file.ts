import type { File } from '../../../env/disk.ts';

/** An object, as those have it who read files. */
export class ObjectFile implements File {
  readonly #path: string;
  readonly #bytes: number;
  readonly #part: (start: number, end: number) => Promise<Buffer>;

  /** `part` answers the bytes from one position up to before another. */
  constructor(path: string, bytes: number, part: (start: number, end: number) => Promise<Buffer>) {
    this.#path = path;
    this.#bytes = bytes;
    this.#part = part;
  }

  async size(): Promise<number> {
    return this.#bytes;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const end = Math.min(position + into.length, this.#bytes);
    if (end <= position) return 0;
    const found = await this.#part(position, end);
    into.set(found);
    return found.length;
  }

  write(): Promise<void> {
    return this.#refuse();
  }

  sync(): Promise<void> {
    return this.#refuse();
  }

  truncate(): Promise<void> {
    return this.#refuse();
  }

  async close(): Promise<void> {}

  /** What is archived is finished. */
  async #refuse(): Promise<never> {
    throw new Error(`${this.#path} is archived and cannot be written to.`);
  }
}
