import { KeyError } from './log.ts';

/**
 * What waits for keys in a thread, over all streams. A key service that hangs makes its own streams wait, and
 * must not take the memory from others: what is too much is refused.
 */
export class KeyQueue {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax = waitingBytesMax) {
    this.#bytesMax = bytesMax;
  }

  /** As `key`, for so many bytes of records; rejects with a `KeyError`, throttled, when too much waits. */
  wait<Key>(key: Promise<Key>, bytes: number): Promise<Key> {
    if (this.#bytes > this.#bytesMax) {
      return Promise.reject(new KeyError('Too many records wait for a data key. Try again.', 'throttled'));
    }
    this.#bytes += bytes;
    const leave = () => {
      this.#bytes -= bytes;
    };
    key.then(leave, leave);
    return key;
  }
}

/** A quarter of what all requests together may hold (`budgetBytes` in http/body.ts). */
const waitingBytesMax = 64 * 1024 * 1024;
