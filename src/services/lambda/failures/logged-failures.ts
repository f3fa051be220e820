import type { Clock, Millis } from '../../../env/clock.ts';
import { detached } from '../../../env/detached.ts';
import type { Logger } from '../../../env/logger.ts';
import type { Random } from '../../../env/random.ts';
import { SharedReads } from '../../../journal/shared-reads.ts';
import { encodeBatch, type Offset, recordsOf, type StoredBatch } from '../../../kinesis/record.ts';
import { DamagedError, type Engine } from '../../../log/log.ts';
import { failuresKey, pieceIn, piecesOf, recordsIn } from './failure-log.ts';
import type { FailureStore, KeptPlace, KeptRecord } from './failure-store.ts';

export type FailureWorld = {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly logger: Pick<Logger, 'warn'>;
  /** What is kept; `failureBounds` unless it says. */
  readonly bounds?: FailureBounds;
};

export type FailureBounds = { readonly bytesMax: number; readonly keptMs: Millis };

/** Beyond AWS, which keeps nothing of it: as much as an operator can look at, for as long as DLQs have it. */
const failureBounds: FailureBounds = { bytesMax: 256 * 1024 * 1024, keptMs: 14 * 24 * 3_600_000 };

/** The records that mappings gave up, in an engine that several processes may share. Reads nothing yet. */
export function openFailureStore(engine: Engine, world: FailureWorld): FailureStore {
  return new LoggedFailures(engine, world);
}

/** The log is trimmed at one of so many places for all of its bytes, or of its time. */
const stretches = 64;

/** Of the log, oldest first, where it can be trimmed. */
type Stretch = { end: Offset; bytes: number; readonly since: Millis; until: Millis };

class LoggedFailures implements FailureStore {
  readonly #engine: Engine;
  readonly #world: FailureWorld;
  readonly #bounds: FailureBounds;
  readonly #stretches: Stretch[] = [];
  #bytes = 0;
  /** All records of the log before it were seen. */
  #next: Offset = 0;
  readonly #trims = new SharedReads(() => this.#trim());

  constructor(engine: Engine, world: FailureWorld) {
    this.#engine = engine;
    this.#world = world;
    this.#bounds = world.bounds ?? failureBounds;
  }

  async keep(mapping: string, records: readonly KeptRecord[]): Promise<KeptPlace> {
    const pieces = piecesOf(this.#world.random.bytes(16), mapping, records);
    const offsets: Offset[] = [];
    for (const piece of pieces) {
      const batch = encodeBatch([piece]);
      const { first, arrival } = await this.#engine.append(failuresKey, batch);
      offsets.push(first);
      // What others have written in between is read when the log is trimmed.
      if (first === this.#next) this.#see(first + 1, piece.data.length, arrival);
    }
    // What is durable is, however the past is.
    detached(this.tick(), (error) => {
      this.#world.logger.warn('Old records that mappings gave up could not be forgotten.', { error });
    });
    const first = offsets[0]!;
    return { first, count: offsets.at(-1)! + 1 - first };
  }

  async read({ first, count }: KeptPlace): Promise<readonly KeptRecord[] | undefined> {
    const end = first + count;
    const pieces = new Map<number, Uint8Array>();
    let [id, pieceCount]: [string | undefined, number] = [undefined, 0];
    for (let next = first; next < end; ) {
      const { start, batches } = await this.#page(next);
      if (start > first) return undefined;
      if (batches.length === 0) break;
      next = endOf(batches);
      for (const { offset, data } of allRecordsOf(batches)) {
        if (offset < first || offset >= end) continue;
        const piece = pieceIn(data);
        id ??= piece.id;
        // Others were kept at the same time.
        if (piece.id !== id) continue;
        pieceCount = piece.count;
        pieces.set(piece.index, piece.bytes);
      }
    }
    if (id === undefined || pieces.size !== pieceCount) {
      throw new DamagedError(`records that a mapping gave up are not where they were kept, from ${first} on`);
    }
    return recordsIn(Buffer.concat(Array.from({ length: pieceCount }, (_, index) => pieces.get(index)!)));
  }

  tick(): Promise<void> {
    return this.#trims.next();
  }

  async #trim(): Promise<void> {
    await this.#catchUp();
    const { bytesMax, keptMs } = this.#bounds;
    const horizon = this.#world.clock.now() - keptMs;
    let before: Offset | undefined;
    for (;;) {
      const oldest = this.#stretches[0];
      if (oldest === undefined || (this.#bytes <= bytesMax && oldest.until >= horizon)) break;
      this.#stretches.shift();
      this.#bytes -= oldest.bytes;
      before = oldest.end;
    }
    if (before !== undefined) await this.#engine.trim(failuresKey, before);
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const { batches } = await this.#page(this.#next);
      if (batches.length === 0) return;
      const next = endOf(batches);
      for (const { offset, data, arrival } of allRecordsOf(batches)) {
        if (offset >= this.#next) this.#see(offset + 1, data.length, arrival);
      }
      this.#next = Math.max(this.#next, next);
    }
  }

  #see(end: Offset, bytes: number, arrival: Millis): void {
    const { bytesMax, keptMs } = this.#bounds;
    this.#next = end;
    this.#bytes += bytes;
    const last = this.#stretches.at(-1);
    const isFull =
      last === undefined ||
      last.bytes + bytes > bytesMax / stretches ||
      arrival - last.since > keptMs / stretches;
    if (isFull) this.#stretches.push({ end, bytes, since: arrival, until: arrival });
    else {
      last.end = end;
      last.bytes += bytes;
      last.until = Math.max(last.until, arrival);
    }
  }

  #page(from: Offset) {
    return this.#engine.read(failuresKey, { from, since: Number.NEGATIVE_INFINITY, limit: page });
  }
}

function* allRecordsOf(batches: readonly StoredBatch[]) {
  for (const batch of batches) yield* recordsOf(batch);
}

function endOf(batches: readonly StoredBatch[]): Offset {
  const { first, count } = batches.at(-1)!;
  return first + count;
}

const page = { records: 1000, bytes: 1024 * 1024 };
