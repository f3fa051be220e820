import { once } from 'node:events';
import type { WriteStream } from 'node:tty';

/** One of the streams of this process that are written to. */
export class NodeOutput {
  readonly #stream: WriteStream;
  readonly #variables: Readonly<Record<string, string | undefined>>;
  #isClosed = false;

  constructor(stream: WriteStream, variables: Readonly<Record<string, string | undefined>>) {
    this.#stream = stream;
    this.#variables = variables;
    stream.on('error', () => (this.#isClosed = true));
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number {
    return this.#stream.columns ?? 80;
  }

  get rows(): number {
    return this.#stream.rows ?? 24;
  }

  /** By the conventions of no-color.org and of force-color.org. */
  get hasColours(): boolean {
    if (this.#variables['NO_COLOR']) return false;
    if (this.#variables['FORCE_COLOR']) return true;
    return this.isTerminal && this.#variables['TERM'] !== 'dumb';
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  async write(text: string | Uint8Array): Promise<void> {
    if (this.#isClosed || this.#stream.write(text)) return;
    const over = new AbortController();
    try {
      await Promise.race([
        once(this.#stream, 'drain', over),
        once(this.#stream, 'close', over),
        once(this.#stream, 'error', over),
      ]);
    } catch {
      // Whoever read it has gone; `isClosed` says so.
    } finally {
      over.abort();
    }
  }
}
