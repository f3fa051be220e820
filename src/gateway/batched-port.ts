import { isMarkedAsUntransferable, type MessagePort } from 'node:worker_threads';

/**
 * Plain data and bytes on their way to another thread. `number` pairs a question with its answer; 0 wants
 * none. A tuple: names of members would be written and read with each.
 */
export type Message = readonly [
  number: number,
  subject: string,
  body: unknown,
  bytes: Uint8Array | undefined,
];

/**
 * One end of a port. What is sent in one turn of the event loop goes out as one message: to wake a thread
 * costs more than a letter does.
 */
export class BatchedPort {
  readonly #port: MessagePort;
  #letters: Message[] = [];
  /** How many final bytes lie in a piece of memory. */
  #final = new Map<ArrayBuffer, number>();

  constructor(port: MessagePort, receive: (letter: Message) => void) {
    this.#port = port;
    port.on('message', (letters: readonly Message[]) => {
      for (const letter of letters) receive(letter);
    });
  }

  /**
   * The bytes must not change before the end of this turn. Those that are `final` are of no more use to the
   * sender: memory that is full of them changes hands, and the sender finds them empty.
   */
  send(number: number, subject: string, body: unknown, bytes?: Uint8Array, final = false): void {
    if (this.#letters.length === 0) setImmediate(() => this.#flush());
    if (final && bytes?.buffer instanceof ArrayBuffer) {
      this.#final.set(bytes.buffer, (this.#final.get(bytes.buffer) ?? 0) + bytes.length);
    }
    this.#letters.push([number, subject, body, bytes]);
  }

  /** What was sent still arrives. */
  close(): void {
    this.#flush();
    this.#port.close();
  }

  #flush(): void {
    if (this.#letters.length === 0) return;
    const handedOver = new Set<ArrayBufferLike>();
    for (const [memory, bytes] of this.#final) {
      // Memory of a pool is for others, too.
      if (bytes === memory.byteLength && !isMarkedAsUntransferable(memory)) handedOver.add(memory);
    }
    const letters = packed(this.#letters, handedOver);
    this.#letters = [];
    // Not emptied: the tables of a Map that is emptied again and again hang together, and grow old together.
    if (this.#final.size > 0) this.#final = new Map();
    this.#port.postMessage(letters, [...handedOver] as ArrayBuffer[]);
  }
}

/** Copies the bytes that are not handed over into one piece of memory, which then is. */
function packed(letters: Message[], handedOver: Set<ArrayBufferLike>): Message[] {
  let length = 0;
  for (const [, , , bytes] of letters) {
    if (bytes !== undefined && !handedOver.has(bytes.buffer)) length += bytes.length;
  }
  const memory = new Uint8Array(new ArrayBuffer(length));
  let at = 0;
  const copies = letters.map((letter): Message => {
    const [number, subject, body, bytes] = letter;
    if (bytes === undefined || handedOver.has(bytes.buffer)) return letter;
    memory.set(bytes, at);
    at += bytes.length;
    return [number, subject, body, memory.subarray(at - bytes.length, at)];
  });
  handedOver.add(memory.buffer);
  return copies;
}
