import type { MessagePort } from 'node:worker_threads';

/**
 * Plain data and bytes on their way to another thread. `number` pairs a question with its answer; 0 wants none. A tuple:
 * names of members would be written and read with each.
 */
export type Letter = readonly [number: number, subject: string, body: unknown, bytes: Uint8Array | undefined];

/**
 * One end of a port. What is sent in one turn of the event loop goes out as one message: to wake a thread costs more than
 * a letter does.
 */
export class Mailbox {
  readonly #port: MessagePort;
  #letters: Letter[] = [];
  /** The memory of bytes that are handed over, not copied. */
  #handedOver = new Set<ArrayBuffer>();

  constructor(port: MessagePort, receive: (letter: Letter) => void) {
    this.#port = port;
    port.on('message', (letters: readonly Letter[]) => {
      for (const letter of letters) receive(letter);
    });
  }

  /**
   * The bytes must not change before the end of this turn. Those that are `final` are of no more use to the sender: if
   * they fill their memory, it changes hands, and the sender finds them empty.
   */
  send(number: number, subject: string, body: unknown, bytes?: Uint8Array, final = false): void {
    if (this.#letters.length === 0) setImmediate(() => this.#flush());
    if (final && bytes !== undefined && fillsItsMemory(bytes)) this.#handedOver.add(bytes.buffer);
    this.#letters.push([number, subject, body, bytes]);
  }

  /** What was sent still arrives. */
  close(): void {
    this.#flush();
    this.#port.close();
  }

  #flush(): void {
    if (this.#letters.length === 0) return;
    const handedOver = this.#handedOver;
    const letters = this.#pack();
    this.#letters = [];
    this.#handedOver = new Set();
    this.#port.postMessage(letters, [...handedOver]);
  }

  /** Copies what is not handed over into one piece of memory, which is. */
  #pack(): Letter[] {
    const isCopied = (bytes: Uint8Array) => !this.#handedOver.has(bytes.buffer as ArrayBuffer);
    const copied = this.#letters.flatMap(([, , , bytes]) =>
      bytes !== undefined && isCopied(bytes) ? bytes : [],
    );
    if (copied.length === 0) return this.#letters;
    const memory = new Uint8Array(copied.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    const letters = this.#letters.map((letter): Letter => {
      const [number, subject, body, bytes] = letter;
      if (bytes === undefined || !isCopied(bytes)) return letter;
      memory.set(bytes, at);
      at += bytes.length;
      return [number, subject, body, memory.subarray(at - bytes.length, at)];
    });
    this.#handedOver.add(memory.buffer);
    return letters;
  }
}

/** Nobody else's bytes, such as those of a pool, lie in the same memory. */
function fillsItsMemory(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return (
    bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength && bytes.length > 0
  );
}
