import { detached } from '../../env/detached.ts';
import type { Stream } from '../../kinesis/stream.ts';
import { type ChunkDestination, objectsOnly } from '../destination/chunk-destination.ts';
import { IcebergTables } from '../destination/iceberg-tables.ts';
import { SourceGoneError, type SourceParts, SourceReader } from '../source/source-reader.ts';
import type { SourceSlice } from '../source/source-slice.ts';
import { endPositions, startPositions } from '../source/start-positions.ts';
import type { ChunkPlan, DeliveryProgress, Positions } from '../state/delivery-state.ts';
import { ChunkDelivery } from './chunk-delivery.ts';
import { ChunkFiller, type FilledChunk, type FillLimits, type FillParts } from './chunk-filler.ts';
import { Insistence } from './insistence.ts';
import { onceSight } from './once-sight.ts';
import { ProgressFact } from './progress-fact.ts';
import { type RunParts, sourceOf } from './run-parts.ts';
import { trimDelivered } from './trim-delivered.ts';

/**
 * A delivery as it runs by one spec, from what the journal says on. While a chunk is put, the next one is
 * read.
 */
export class DeliveryRun {
  readonly #parts: RunParts;
  readonly #fact: ProgressFact;
  readonly #destination: ChunkDestination;
  readonly #delivery: ChunkDelivery;
  readonly #stopped = new AbortController();
  /** Nothing more is read; what is being put is. */
  readonly #settling = new AbortController();
  readonly #finished = new AbortController();
  #reader: SourceReader | undefined;
  #heldBytes = 0;
  /** Where this run began. */
  #begun: Positions = {};

  /** The journal was read to its end since it is to run here. */
  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#fact = new ProgressFact(parts.world, parts.spec.id);
    const planned = new Insistence(parts, this.#stopped.signal, this.#finished.signal);
    const ending = [this.#stopped, this.#settling, this.#finished].map(({ signal }) => signal);
    const before = new Insistence(parts, AbortSignal.any(ending), this.#finished.signal);
    this.#destination = destinationOf(parts, { planned, before });
    this.#delivery = new ChunkDelivery(parts, this.#fact, this.#destination, planned);
  }

  /**
   * Resolves to whether all is delivered that is to be, where the delivery ends at all; otherwise once it was
   * stopped. Rejects with `LostDeliveryError`, `GivenUpError`, `SourceGoneError`, as logs do, or with what
   * formatting threw.
   */
  async run(): Promise<boolean> {
    try {
      const { plan, done } = await this.#begin();
      this.#begun = done;
      onceSight(this.#parts, this.#fact.known!, done);
      if (plan !== undefined) await this.#runAgain(plan);
      await trimDelivered(this.#parts, this.#fact.known!.done);
      return await this.#runOn();
    } catch (error) {
      // The reason of signals here.
      if (this.#stopped.signal.aborted || error === null) return false;
      throw error;
    } finally {
      this.#stopped.abort(null);
    }
  }

  /** Drops what is being read, and gives up what is being put: another run begins with it. */
  stop(): void {
    this.#stopped.abort(null);
  }

  /** Drops what is being read, and puts what is being put. */
  settle(): void {
    this.#settling.abort(null);
  }

  /** The settings have changed: delivers what was read, unless that is refused, and nothing more. */
  finish(): void {
    this.#finished.abort(null);
  }

  /** The catalog has changed. */
  look(): void {
    this.#reader?.look();
  }

  async #begin(): Promise<DeliveryProgress> {
    const { world, spec } = this.#parts;
    const { known } = this.#fact;
    if (known !== undefined && known.stream === spec.source.streamId) return await this.#caughtUp(known);
    const stream = this.#stream();
    const { log, clock } = world;
    const done = await startPositions(log, stream, spec.source.start, clock.now());
    const until = spec.source.isOnce ? await endPositions(log, stream) : undefined;
    const nextChunk = known?.nextChunk ?? 0;
    const begun = { stream: stream.id, done, nextChunk, until };
    await this.#fact.say(begun, this.#stopped.signal);
    return begun;
  }

  /** The destination may know more than a journal that was restored from an earlier time. */
  async #caughtUp(known: DeliveryProgress): Promise<DeliveryProgress> {
    // A chunk that is planned may be committed there, and not done yet: it is done again.
    if (known.plan !== undefined) return known;
    const ahead = await this.#destination.ahead(known);
    if (ahead === undefined) return known;
    await this.#fact.say(ahead, this.#stopped.signal);
    return ahead;
  }

  #stream(): Stream {
    const stream = sourceOf(this.#parts);
    if (stream === undefined) throw new SourceGoneError('The source stream is gone.');
    return stream;
  }

  /** Reads exactly what a plan is for. */
  async #runAgain(plan: ChunkPlan): Promise<void> {
    using reader = this.#read(this.#fact.known!.done, { until: plan.to, readsExpired: true });
    const tables = (first: SourceSlice) => this.#destination.tables(first, plan);
    const finished = new AbortController().signal;
    const chunk = await this.#filler(reader, noLimits, finished, tables).fill(() => 0);
    if (chunk === undefined) return;
    try {
      await this.#delivery.deliverAgain(chunk, plan);
    } finally {
      this.#drop(chunk);
    }
  }

  async #runOn(): Promise<boolean> {
    const { done, until } = this.#fact.known!;
    using reader = this.#read(done, { until });
    let putting: Promise<void> = Promise.resolve();
    try {
      for (;;) {
        const { bytes, ms } = this.#parts.spec.buffering;
        const limits = {
          bytes,
          ms,
          heldBytes: bytes + heldBytesMax,
          besideBytes: bytes + besideBytes(bytes),
        };
        const tables = (first: SourceSlice) => this.#destination.tables(first);
        const filler = this.#filler(reader, limits, this.#finished.signal, tables);
        const chunk = await filler.fill(() => this.#heldBytes);
        try {
          await putting;
        } catch (error) {
          if (chunk !== undefined) this.#drop(chunk);
          throw error;
        }
        if (chunk === undefined) return false;
        this.#heldBytes = chunk.heldBytes;
        putting = this.#deliver(chunk, reader);
        // It is awaited with the next chunk, which is stopped when it fails.
        detached(putting, () => this.#stopReading());
        if (!reader.isOver && !this.#finished.signal.aborted) continue;
        await putting;
        return reader.isOver;
      }
    } catch (error) {
      // The cause is what became of the chunk that was being put, if that failed.
      await putting;
      throw error;
    }
  }

  async #deliver(chunk: FilledChunk, reader: SourceReader): Promise<void> {
    try {
      await this.#delivery.deliver(chunk);
      onceSight(this.#parts, this.#fact.known!, this.#begun);
      await trimDelivered(this.#parts, this.#fact.known!.done);
    } finally {
      this.#drop(chunk);
      this.#heldBytes = 0;
      reader.wake();
    }
  }

  #read(from: Positions, how: Pick<SourceParts, 'until' | 'readsExpired'>): SourceReader {
    const { world, meter, spec } = this.#parts;
    const failed = (shard: number, error: unknown) => {
      if (this.#stopped.signal.aborted) return;
      meter.hinderReading(shard, error instanceof Error ? error.message : String(error));
      world.logger.error('a delivery could not read a shard, will try again', {
        delivery: spec.id,
        shard,
        error,
      });
    };
    const { clock, log } = world;
    meter.relieveReading();
    const reader = new SourceReader(
      {
        ...{ clock, log, failed, ...how },
        recovered: (shard) => meter.relieveReading(shard),
        requireToRead: (keyArns) => world.rights.requireToRead(spec, keyArns),
        stream: () => sourceOf(this.#parts),
      },
      from,
    );
    this.#reader = reader;
    return reader;
  }

  #filler(
    reader: SourceReader,
    limits: FillLimits,
    finished: AbortSignal,
    tables: FillParts['tables'],
  ): ChunkFiller {
    const stopped = AbortSignal.any([this.#stopped.signal, this.#settling.signal]);
    return new ChunkFiller({ ...this.#parts, tables }, reader, limits, { stopped, finished });
  }

  #stopReading(): void {
    this.#settling.abort(null);
  }

  #drop({ inThread, age }: FilledChunk): void {
    inThread?.drop();
    this.#parts.meter.end(age);
  }
}

function destinationOf(
  parts: RunParts,
  insistence: { readonly planned: Insistence; readonly before: Insistence },
): ChunkDestination {
  const { destination } = parts.spec;
  switch (destination.kind) {
    case 's3':
    case 'http':
      return objectsOnly;
    case 'iceberg':
      return new IcebergTables(parts, destination, insistence);
  }
}

const mebibyte = 1024 * 1024;
/** What a chunk may hold, beside the bytes of one object that is full. */
const heldBytesMax = 32 * mebibyte;

/**
 * The same of a chunk that is read while the one before is put, together with that one: the larger a buffer
 * is, the longer it takes to fill, and the less is it worth to have begun with it.
 */
function besideBytes(bytes: number): number {
  return Math.max(heldBytesMax / 2, heldBytesMax - bytes / 4);
}

const noLimits: FillLimits = {
  bytes: Number.POSITIVE_INFINITY,
  ms: Number.POSITIVE_INFINITY,
  heldBytes: Number.POSITIVE_INFINITY,
  besideBytes: Number.POSITIVE_INFINITY,
};
