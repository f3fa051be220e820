import { strict as assert } from 'node:assert';
import type { Millis } from '../../../env/clock.ts';
import { firstWhere } from '../../../env/first-where.ts';
import type { Offset } from '../../../kinesis/record.ts';
import { ArchiveError, DamagedError, type LoggedBatch, type ReadLimit } from '../../log.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { Extents } from '../extents.ts';
import { nextOf } from '../format/frame.ts';
import type { SparseIndex } from '../format/sparse-index.ts';
import type { Extent, Segment } from '../segment.ts';
import type { Block } from './block.ts';
import { FrameReader } from './frame-reader.ts';
import { encryptionIn, loadKeys } from './keys.ts';

/** Records from `first` on, before `end`. For a reader that passes, they are copies. */
type ReadRange = {
  readonly first: Offset;
  readonly end: Offset;
  readonly limit: ReadLimit;
  readonly isPassing: boolean;
};

/** Batches of a shard from the one that holds `first` on, until a limit is reached or `end`. */
export async function readExtents(
  engine: EngineParts,
  extents: Extents,
  range: ReadRange,
): Promise<LoggedBatch[]> {
  if (range.first >= range.end) return [];
  const answer = new Answer(range);
  while (!answer.isFull) {
    const extent = extents.from(answer.next);
    // Only when it was trimmed meanwhile.
    if (extent === undefined)
      throw new DamagedError(`${engine.directory}: record ${answer.next} is missing.`);
    await judged(engine, extent.segment, () => readExtent(engine, extent, answer));
  }
  assert(answer.batches.length > 0);
  return answer.batches;
}

/**
 * What is read of a segment. One that is archived and not what it was is no reason to refuse anything else:
 * the fault may be the store's, and pass.
 */
async function judged<T>(engine: EngineParts, { path }: Segment, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DamagedError) || !engine.archived.has(path)) throw error;
    throw new ArchiveError(`In the archive: ${error.message}`, { cause: error });
  }
}

/** What was read so far. */
class Answer {
  readonly batches: LoggedBatch[] = [];
  readonly #range: ReadRange;
  #bytes = 0;
  next: Offset;

  constructor(range: ReadRange) {
    this.#range = range;
    this.next = range.first;
  }

  get isPassing(): boolean {
    return this.#range.isPassing;
  }

  /** What it still has room for, of records from `next` on. */
  get room(): ReadLimit {
    const { first, end, limit } = this.#range;
    return {
      records: Math.min(end, first + limit.records) - this.next,
      bytes: limit.bytes - this.#bytes,
    };
  }

  get isFull(): boolean {
    const { records, bytes } = this.room;
    return records <= 0 || bytes <= 0;
  }

  add(batch: LoggedBatch): void {
    this.batches.push(batch);
    this.#bytes += batch.bytes.length;
    this.next = batch.first + batch.count;
  }
}

async function readExtent(engine: EngineParts, extent: Extent, answer: Answer): Promise<void> {
  const { segment, shard, next } = extent;
  if (segment.index !== undefined) return readFrames(engine, extent, answer);
  const { index, borders } = await engine.footers.mapOf(segment);
  if (segment.keys.size > 0) await engine.files.use(segment.path, (file) => loadKeys(file, segment));
  let number = -1;
  while (answer.next < next && !answer.isFull) {
    // Goes on from the block before, or from where the index leads when that is further.
    const position = index.get(shard)!.positionBefore(answer.next);
    number = Math.max(number + 1, firstWhere(borders.length, (index) => borders[index]! > position) - 1);
    if (number + 1 >= borders.length) throw missing(extent, answer);
    const { isPassing } = answer;
    const take = (block: Block) =>
      block.isWhole ? block.batchesOf(shard, answer.next, answer.room, isPassing) : undefined;
    const batches = await engine.blocks.use(segment, borders, number, take, isPassing);
    if (batches === undefined) return readFrames(engine, extent, answer);
    for (const batch of batches) {
      if (batch.first > answer.next) throw missing(extent, answer);
      answer.add(batch);
    }
  }
}

/** Frame by frame, for what is not finished yet, or is damaged in between. */
async function readFrames(engine: EngineParts, extent: Extent, answer: Answer): Promise<void> {
  const { segment, shard, next } = extent;
  const position = (await indexOf(engine, extent)).positionBefore(answer.next);
  const stepBytes = Math.min(Math.max(answer.room.bytes, stepBytesMin), stepBytesMax);
  await engine.files.use(segment.path, async (file) => {
    const reader = new FrameReader(file, segment, shard, position, stepBytes);
    while (answer.next < next && !answer.isFull) {
      const frame = await reader.next();
      if (frame !== undefined && nextOf(frame) <= answer.next) continue;
      if (frame === undefined || frame.first > answer.next) throw missing(extent, answer);
      const bytes = await reader.payload(frame);
      const { first, arrival, count, encryption } = frame;
      const batch = { first, arrival, count, bytes };
      if (encryption === undefined) answer.add(batch);
      else {
        await loadKeys(file, segment);
        answer.add({ ...batch, encryption: encryptionIn(segment, encryption) });
      }
    }
  });
}

function missing({ segment, shard }: Extent, { next }: Answer): DamagedError {
  return new DamagedError(`${segment.path}: record ${next} of shard ${shard} is missing.`);
}

/** The first offset of a shard that arrived at or after a time. Undefined when none did. */
export async function seekExtents(
  engine: EngineParts,
  extents: Extents,
  time: Millis,
): Promise<Offset | undefined> {
  const extent = extents.since(time);
  if (extent === undefined || extent.firstArrival >= time) return extent?.first;
  return judged(engine, extent.segment, () => seekExtent(engine, extent, time));
}

async function seekExtent(engine: EngineParts, extent: Extent, time: Millis): Promise<Offset> {
  const { segment, shard } = extent;
  const position = (await indexOf(engine, extent)).positionBeforeTime(time);
  return engine.files.use(segment.path, async (file) => {
    const reader = new FrameReader(file, segment, shard, position, stepBytesMin);
    for (;;) {
      const frame = await reader.next();
      if (frame === undefined)
        throw new DamagedError(`${segment.path}: records of shard ${shard} are missing.`);
      if (frame.arrival >= time) return frame.first;
    }
  });
}

async function indexOf(engine: EngineParts, { segment, shard }: Extent): Promise<SparseIndex> {
  const index = (segment.index ?? (await engine.footers.mapOf(segment)).index).get(shard);
  assert(index !== undefined);
  return index;
}

const stepBytesMin = 16 * 1024;
const stepBytesMax = 256 * 1024;
