import { strict as assert } from 'node:assert';
import { type Appended, DiskReserveError, type NewBatch, OverloadedError } from '../../log.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { Draft, Write } from './round.ts';

/**
 * The appends of one stream, from the call to the answer. They wait in the order of the calls (`add`), until
 * the first of them make a round (`takeRound`), which is one write to the disk. Then all of the round is
 * durable (`settle`), or none of it was written (`fail`); only then the next round can be taken. So every
 * append is answered once, and in order.
 */
export class PendingAppends {
  readonly #engine: EngineParts;
  #waiting: Write[] = [];
  #waitingBytes = 0;
  /** The round that is on its way to the disk. */
  #round: readonly Write[] = [];

  constructor(engine: EngineParts) {
    this.#engine = engine;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /**
   * Has a batch written, or a seal when there is none. Rejects at once with `OverloadedError` when too much
   * waits already, in whatever stream.
   */
  add(shard: number, batch: NewBatch | undefined): Promise<Appended> {
    if (this.#engine.waitingBytes > this.#engine.options.waitingBytesMax) {
      return Promise.reject(new OverloadedError('More waits to be written than the log holds. Try again.'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Appended>();
    this.#count(batch?.bytes.length ?? 0);
    this.#waiting.push({ shard, batch, resolve, reject });
    return promise;
  }

  /**
   * Waits for as long as each turn of the event loop brings more: appends that come at the same time share a
   * round, whose price is the same for one and for many. An append that comes alone waits for one turn. Large
   * rounds gain nothing: theirs is the price of their bytes.
   */
  async gather(): Promise<void> {
    const { clock } = this.#engine.env;
    const latest = clock.monotonic() + gatherMsMax;
    for (let seen = 0; this.#waiting.length > seen; ) {
      seen = this.#waiting.length;
      await clock.turn();
      if (this.#waitingBytes >= gatheredBytesMax || clock.monotonic() >= latest) return;
    }
  }

  /**
   * The appends of the next round: those at the head of the queue, at least one, and more up to a number of
   * bytes. Batches that would take from the disk's reserve are refused and not among them; seals may take
   * from it.
   */
  async takeRound(): Promise<readonly Write[]> {
    assert(this.#round.length === 0);
    const { reserve, options } = this.#engine;
    this.#round = this.#take(options.roundBytesMax);
    if (await reserve.refuses(bytesOf(this.#round) + this.#engine.waitingBytes)) this.#refuseBatches();
    return this.#round;
  }

  /** All of the round is durable: each append is told its place. */
  settle(drafts: readonly Draft[]): void {
    let settled = 0;
    for (const { arrival, writes } of drafts) {
      for (const { write, first } of writes) write.resolve({ first, arrival });
      settled += writes.length;
    }
    assert(settled === this.#round.length);
    this.#round = [];
  }

  /** Nothing of the round was written. */
  fail(error: unknown): void {
    for (const { reject } of this.#round) reject(error);
    this.#round = [];
  }

  /** Refuses all that wait. A round that is under way ends as it ends. */
  failWaiting(error: unknown): void {
    for (const { reject } of this.#take(Number.POSITIVE_INFINITY)) reject(error);
  }

  #take(bytesMax: number): Write[] {
    let bytes = 0;
    const cut = this.#waiting.findIndex((write, index) => {
      bytes += write.batch?.bytes.length ?? 0;
      return bytes > bytesMax && index > 0;
    });
    const taken = this.#waiting.splice(0, cut === -1 ? this.#waiting.length : cut);
    this.#count(-bytesOf(taken));
    return taken;
  }

  #refuseBatches(): void {
    const error = new DiskReserveError(
      'The disk is full, but for what is kept for other things than records.',
    );
    for (const { batch, reject } of this.#round) if (batch !== undefined) reject(error);
    this.#round = this.#round.filter(({ batch }) => batch === undefined);
  }

  #count(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#engine.waitingBytes += bytes;
  }
}

/** About what a sync takes. PostgreSQL's manual advises half of that (commit_delay). */
const gatherMsMax = 1;
const gatheredBytesMax = 256 * 1024;

function bytesOf(writes: readonly Write[]): number {
  let bytes = 0;
  for (const { batch } of writes) bytes += batch?.bytes.length ?? 0;
  return bytes;
}
