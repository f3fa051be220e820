import type { Readable } from 'node:stream';

/**
 * The largest request is a PutRecords of 10 MiB of data and keys (Kinesis API reference, PutRecords): its base64 is
 * 13.4 MiB, 500 keys of 256 characters written as \uXXXX are 0.73 MiB, the JSON around the entries 0.1 MiB.
 */
export const bodyBytesMax = 15 * 1024 * 1024;

/** What all requests together may hold in memory. */
export const budgetBytes = 256 * 1024 * 1024;

/** The bytes of bodies that are being received or worked on, over all connections. */
export class BodyBudget {
  readonly #free: Int32Array;

  /** `free` holds the free bytes in its first element. In memory that threads share, they share the budget. */
  constructor(free: Int32Array) {
    this.#free = free;
  }

  /** One request's part of the budget. It gives back all that it took when it is released. */
  share(): BudgetShare {
    let taken = 0;
    return {
      take: (bytes) => {
        if (Atomics.sub(this.#free, 0, bytes) >= bytes) {
          taken += bytes;
          return true;
        }
        Atomics.add(this.#free, 0, bytes);
        return false;
      },
      release: () => {
        if (taken > 0) Atomics.add(this.#free, 0, taken);
        taken = 0;
      },
    };
  }
}

export type BudgetShare = {
  /** False, and nothing is taken, when there is not that much left. */
  take(bytes: number): boolean;
  release(): void;
};

/** Why a body is not read (on). */
export type Refusal = 'too large' | 'overloaded';

export const noBody = Buffer.alloc(0);

/** Whether a body can be received, by its Content-Length alone; takes its share of the budget if so. */
export function admit(declared: number | undefined, share: BudgetShare): Refusal | undefined {
  if (declared === undefined) return undefined;
  if (declared > bodyBytesMax) return 'too large';
  return share.take(declared) ? undefined : 'overloaded';
}

/**
 * The whole of a body that was admitted. Undefined when the client went away before its end. A refused stream
 * is left paused. A body that arrives in one piece is that piece, not a copy.
 */
export function readBody(
  stream: Readable,
  declared: number | undefined,
  share: BudgetShare,
): Promise<Buffer | Refusal | undefined> {
  return new Promise((resolve) => {
    const pieces = declared === undefined ? new Pieces(share) : new Expected(declared);
    stream.on('data', receive);
    stream.once('end', () => resolve(pieces.whole()));
    stream.once('close', () => resolve(undefined));
    stream.on('error', () => resolve(undefined));

    function receive(piece: Buffer) {
      const refusal = pieces.add(piece);
      if (refusal === undefined) return;
      stream.off('data', receive);
      stream.pause();
      resolve(refusal);
    }
  });
}

/** A body of known length, copied to its place as it arrives: while it is in the cache, and piece by piece freed. */
class Expected {
  readonly #length: number;
  #bytes: Buffer = noBody;
  #filled = 0;

  constructor(length: number) {
    this.#length = length;
  }

  add(piece: Buffer): Refusal | undefined {
    if (this.#filled + piece.length > this.#length) return 'too large';
    if (piece.length === this.#length) this.#bytes = piece;
    else this.#copy(piece);
    this.#filled += piece.length;
    return undefined;
  }

  whole(): Buffer {
    return this.#bytes.subarray(0, this.#filled);
  }

  #copy(piece: Buffer): void {
    if (this.#filled === 0) this.#bytes = Buffer.allocUnsafeSlow(this.#length);
    this.#bytes.set(piece, this.#filled);
  }
}

/** A body whose length shows at its end. */
class Pieces {
  readonly #share: BudgetShare;
  readonly #pieces: Buffer[] = [];
  #length = 0;

  constructor(share: BudgetShare) {
    this.#share = share;
  }

  add(piece: Buffer): Refusal | undefined {
    if (this.#length + piece.length > bodyBytesMax) return 'too large';
    if (!this.#share.take(piece.length)) return 'overloaded';
    this.#pieces.push(piece);
    this.#length += piece.length;
    return undefined;
  }

  whole(): Buffer {
    return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces, this.#length);
  }
}
