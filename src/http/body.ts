import type { Readable } from 'node:stream';
import type { HttpHead, Recognize } from '../env/network.ts';
import { Deadline, type Deadlines } from './deadlines.ts';
import { collectYoung, MinorGc } from './minor-gc.ts';

/**
 * The largest request is a BatchWriteItem of 16 MB (DynamoDB API reference, BatchWriteItem). A PutRecords of
 * 10 MiB of data and keys is smaller (Kinesis API reference, PutRecords): its base64 is 13.4 MiB, 500 keys of
 * 256 characters written as \uXXXX are 0.73 MiB, the JSON around the entries 0.1 MiB.
 */
export const bodyBytesMax = 16 * 1024 * 1024;

/**
 * The same for the code of a function, where its sender is known: a zip of 50 MiB in base64, and what is
 * around it. Lambda says so: "Request must be smaller than 70167211 bytes for the CreateFunction operation".
 */
export const codeBodyBytesMax = 70_167_210;

/** Which of Lambda's operations with code a request is (Lambda API reference); undefined for any other. */
export function codeOperationOf({ method, target }: HttpHead): string | undefined {
  if (method === 'POST' && createForm.test(target)) return 'CreateFunction';
  return method === 'PUT' && updateForm.test(target) ? 'UpdateFunctionCode' : undefined;
}

const createForm = /^\/2015-03-31\/functions\/?(?:\?.*)?$/;
const updateForm = /^\/2015-03-31\/functions\/[^/?]{1,1000}\/code(?:\?.*)?$/;

function bytesMaxOf(head: HttpHead, { recognize }: Pick<BodySource, 'recognize'>): number {
  return codeOperationOf(head) !== undefined && recognize(head) ? codeBodyBytesMax : bodyBytesMax;
}

/** What all requests together may hold in memory. */
export const budgetBytes = 256 * 1024 * 1024;

/** How much of it the bodies of strangers may hold: those whose head names no known caller. */
export const strangersBytes = 64 * 1024 * 1024;

/**
 * How much of it is kept for bodies that arrive in one piece with their head, as small puts do: they never
 * wait for large ones.
 */
export const onePieceBytes = 16 * 1024 * 1024;

/** The bytes of bodies that are being received or worked on, over all connections. */
export class BodyBudget {
  readonly #free: Int32Array;
  readonly #garbage: MinorGc;
  /** The memory that was counted last: thousands of pieces may have come in one packet. */
  #lastCopied: ArrayBufferLike | undefined;

  /** `free` holds the free bytes in its first element. Threads that share this memory share the budget. */
  constructor(free: Int32Array, garbage = new MinorGc(collectYoung)) {
    this.#free = free;
    this.#garbage = garbage;
  }

  /** False, and nothing is taken, when less than `kept` bytes would stay free. */
  take(bytes: number, kept: number): boolean {
    if (Atomics.sub(this.#free, 0, bytes) >= bytes + kept) return true;
    Atomics.add(this.#free, 0, bytes);
    return false;
  }

  give(bytes: number): void {
    if (bytes === 0) return;
    Atomics.add(this.#free, 0, bytes);
    this.#garbage.add(bytes);
  }

  /** A piece was copied: all of the memory that it came in is garbage, however small the piece. */
  copied({ buffer }: Buffer): void {
    if (buffer === this.#lastCopied) return;
    this.#lastCopied = buffer;
    this.#garbage.add(buffer.byteLength);
  }
}

/** Why a body is not read (on). */
export type Refusal = 'too large' | 'too slow' | 'too many pieces' | 'overloaded';

export const noBody = Buffer.alloc(0);

/** What it takes to receive a body: the budget that it counts in, and whether its sender is known. */
export type BodySource = {
  readonly budget: BodyBudget;
  readonly recognize: Recognize;
};

/**
 * The body of one request, as it arrives: in one buffer that grows with it. A promise (a Content-Length)
 * costs nothing; what counts in the budget is what has arrived. Whether its sender is known is asked only
 * when it comes in several pieces.
 */
export class IncomingBody {
  readonly #source: BodySource;
  readonly #head: HttpHead;
  /** The Content-Length, if there is one. */
  readonly #declared: number | undefined;
  #bytes: Buffer = noBody;
  #filled = 0;
  /** Bytes of the budget. */
  #taken = 0;
  #pieces = 0;
  #isOfKnown: boolean | undefined;
  #bytesMax: number;
  #seen = 0;
  #looks = 0;

  /** `declared` is its Content-Length, if it is not too large; undefined when there is none. */
  constructor(source: BodySource, head: HttpHead, declared: number | undefined) {
    this.#source = source;
    this.#head = head;
    this.#declared = declared;
    this.#bytesMax = declared ?? bodyBytesMax;
  }

  /** Takes the next piece in, or says why not. */
  add(piece: Buffer): Refusal | undefined {
    if (piece.length === 0) return undefined;
    const filled = this.#filled + piece.length;
    if (filled > this.#bytesMax && filled > this.#mostBytes()) return 'too large';
    this.#pieces += 1;
    if (this.#pieces > piecesFree && filled < this.#pieces * pieceBytesMin) return 'too many pieces';
    const isWhole = piece.length === this.#declared;
    if (!this.#source.budget.take(piece.length, isWhole ? 0 : this.#kept())) return 'overloaded';
    // A body that arrives in one piece is not copied.
    if (isWhole) this.#bytes = piece;
    else this.#copy(piece, filled);
    this.#filled = filled;
    this.#taken += piece.length;
    return undefined;
  }

  /** How many bytes of its Content-Length have not come yet. */
  get missing(): number {
    return (this.#declared ?? 0) - this.#filled;
  }

  whole(): Buffer {
    return this.#bytes.length === this.#filled ? this.#bytes : this.#bytes.subarray(0, this.#filled);
  }

  /**
   * Asked every `paceMs`: whether it has brought too little since it was asked before, or takes too long in
   * all.
   */
  isLate(): boolean {
    this.#looks += 1;
    const isLate = this.#filled - this.#seen < paceBytes || this.#looks >= looksMax;
    this.#seen = this.#filled;
    return isLate;
  }

  /** Gives back its part of the budget: the request was answered, or will not be. */
  release(): void {
    this.#source.budget.give(this.#taken);
    this.#taken = 0;
  }

  /** How long it may get: asked only when that matters, of one without a Content-Length. */
  #mostBytes(): number {
    if (this.#declared === undefined) this.#bytesMax = bytesMaxOf(this.#head, this.#source);
    return this.#bytesMax;
  }

  /** How many bytes it must leave to others. */
  #kept(): number {
    this.#isOfKnown ??= this.#source.recognize(this.#head);
    return this.#isOfKnown ? onePieceBytes : budgetBytes - strangersBytes;
  }

  /** The piece is still in the processor's cache, and the memory that it came in is free at once. */
  #copy(piece: Buffer, filled: number): void {
    if (filled > this.#bytes.length) this.#grow(filled);
    this.#bytes.set(piece, this.#filled);
    this.#source.budget.copied(piece);
  }

  #grow(filled: number): void {
    const grown = Buffer.allocUnsafeSlow(this.#capacityFor(filled));
    grown.set(this.#bytes.subarray(0, this.#filled));
    // Left to the garbage collector, the old buffers would add up to as much again.
    if (this.#bytes.length > 0) (this.#bytes.buffer as ArrayBuffer).transfer(0);
    this.#bytes = grown;
  }

  /**
   * Memory that was never written to takes no more than an address, so the next growth of a known caller's
   * body may be its last.
   */
  #capacityFor(filled: number): number {
    if (this.#declared === undefined) return Math.min(this.#bytesMax, 2 * filled);
    return Math.min(this.#declared, (this.#isOfKnown ? growthOfKnown : 2) * filled);
  }
}

/** A first read brings up to 64 KiB: a PutRecords of 1 MiB is never copied again. */
const growthOfKnown = 16;

/**
 * Each piece costs a microsecond, whatever is in it: this many may be of any size; of more the average size
 * counts.
 */
const piecesFree = 256;
const pieceBytesMin = 16;

/**
 * Many pieces shorter than this, in one read, cost more than what is in them. Clients of AWS write at least 4
 * KiB at once of a long body.
 */
export const smallPieceBytes = 512;

/**
 * 500 bytes a second: the rate under which Apache's mod_reqtimeout gives a body up by default (httpd 2.4).
 */
export const paceMs = 10_000;
const paceBytes = 5_000;

/** A request may take a minute. */
const looksMax = 6;

/** The value of a Content-Length header, if there is one. */
export function lengthDeclared(header: string | undefined): number | undefined {
  return header === undefined ? undefined : Number(header);
}

/** Whether a body is too large by its head alone. */
export function isBodyTooLarge(
  head: HttpHead,
  declared: number | undefined,
  source: Pick<BodySource, 'recognize'>,
): boolean {
  return declared !== undefined && declared > bodyBytesMax && declared > bytesMaxOf(head, source);
}

/**
 * Reads a body to its end. Undefined when the client went away before. A refused stream is left paused.
 */
export function readBody(
  stream: Readable,
  body: IncomingBody,
  deadlines: Deadlines,
): Promise<Buffer | Refusal | undefined> {
  return new Promise((resolve) => {
    const pace = new Deadline(look);
    stream.on('data', receive).once('end', whole).once('close', leave).on('error', leave);
    deadlines.add(pace, paceMs);

    function receive(piece: Buffer) {
      const refusal = body.add(piece);
      if (refusal !== undefined) refuse(refusal);
    }
    function look() {
      if (body.isLate()) refuse('too slow');
      else deadlines.add(pace, paceMs);
    }
    function refuse(refusal: Refusal) {
      stream.off('data', receive);
      stream.pause();
      settle(refusal);
    }
    function whole() {
      settle(body.whole());
    }
    function leave() {
      settle(undefined);
    }
    function settle(outcome: Buffer | Refusal | undefined) {
      deadlines.delete(pace);
      resolve(outcome);
    }
  });
}
