import type { Clock } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import { isPooled, type Port } from '../env/workers.ts';

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
 * costs more than a message does.
 */
export class BatchedPort {
  readonly #port: MessagesPort;
  readonly #clock: Pick<Clock, 'turn'>;
  #messages: Message[] = [];
  #bytes = 0;
  /** How many of the final bytes lie in each piece of memory. */
  #final = new Map<ArrayBuffer, number>();

  /** `closed` hears that the other end is no more. */
  constructor(
    port: MessagesPort,
    clock: Pick<Clock, 'turn'>,
    receive: (message: Message) => void,
    closed?: () => void,
  ) {
    this.#port = port;
    this.#clock = clock;
    port.listen((messages) => {
      for (const message of messages) receive(message);
    }, closed);
  }

  /**
   * The bytes must not change before the end of this turn. Bytes that are `final` are of no more use to the
   * sender: memory that holds nothing else is handed over, and the sender finds it empty.
   */
  send(number: number, subject: string, body: unknown, bytes?: Uint8Array, final = false): void {
    if (this.#messages.length === 0) detached(this.#flushInTurn(), unthinkable);
    if (final && bytes?.buffer instanceof ArrayBuffer) {
      this.#final.set(bytes.buffer, (this.#final.get(bytes.buffer) ?? 0) + bytes.length);
    }
    this.#messages.push([number, subject, body, bytes]);
    this.#bytes += bytes?.length ?? 0;
    if (this.#bytes >= batchBytesMax) this.#flush();
  }

  /** What was sent still arrives. */
  close(): void {
    this.#flush();
    this.#port.close();
  }

  async #flushInTurn(): Promise<void> {
    await this.#clock.turn();
    this.#flush();
  }

  #flush(): void {
    if (this.#messages.length === 0) return;
    const handedOver = new Set<ArrayBuffer>();
    for (const [memory, bytes] of this.#final) {
      // Memory of a pool is for others, too.
      if (bytes === memory.byteLength && !isPooled(memory)) handedOver.add(memory);
    }
    const messages = packed(this.#messages, handedOver);
    this.#messages = [];
    this.#bytes = 0;
    // Replaced, not cleared: the tables of a Map that is cleared again and again keep one another alive, and
    // grow old together.
    if (this.#final.size > 0) this.#final = new Map();
    this.#port.post(messages, [...handedOver]);
  }
}

/** So many bytes do not wait for the end of the turn: what is posted at once stays within bounds. */
const batchBytesMax = 16 * 1024 * 1024;

/** A port for messages either way, several at once. */
export type MessagesPort = Port<readonly Message[], readonly Message[]>;

/** Copies the bytes that are not handed over into one piece of memory, which then is. */
function packed(messages: readonly Message[], handedOver: Set<ArrayBufferLike>): Message[] {
  let length = 0;
  for (const [, , , bytes] of messages) {
    if (bytes !== undefined && !handedOver.has(bytes.buffer)) length += bytes.length;
  }
  const memory = new Uint8Array(new ArrayBuffer(length));
  let at = 0;
  const copies = messages.map((message): Message => {
    const [number, subject, body, bytes] = message;
    if (bytes === undefined || handedOver.has(bytes.buffer)) return message;
    memory.set(bytes, at);
    at += bytes.length;
    return [number, subject, body, memory.subarray(at - bytes.length, at)];
  });
  handedOver.add(memory.buffer);
  return copies;
}
