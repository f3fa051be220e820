import { strict as assert } from 'node:assert';
import { type File, isSystemError } from '../../../env/disk.ts';
import type { WrappedKey } from '../../data-keys.ts';
import type { EngineParts } from '../engine-parts.ts';
import { freshEpoch } from '../format/epoch.ts';
import { encodeFooter } from '../format/footer.ts';
import { encodeFrame, frameHeaderBytes, frameKinds, noEncryption } from '../format/frame.ts';
import { encodeKey } from '../format/key.ts';
import { encodeSegmentHeader, segmentHeaderBytes } from '../format/segment-header.ts';
import { admit, type Extent, newSegment, type Segment, segmentName } from '../segment.ts';
import { encodeShardStates, type ShardStates } from '../shard-state.ts';
import { createFile, unfinished } from './new-file.ts';
import type { NewFrame } from './round.ts';
import { type Link, type SegmentFile, SegmentWriter } from './segment-writer.ts';

/** A segment that is not finished: what its writer has made durable, readers see. */
export class OpenSegment {
  readonly segment: Segment;
  readonly #engine: EngineParts;
  readonly #writer: SegmentWriter;

  constructor(engine: EngineParts, segment: Segment, link: Link) {
    this.#engine = engine;
    this.segment = segment;
    const file = durableFile(engine, segment.path);
    this.#writer = new SegmentWriter(file, segment.epoch, link, segment.end);
  }

  get link(): Link {
    return this.#writer.link;
  }

  /**
   * Writes frames and makes them durable, then lets readers see them. Answers the extents that they are in.
   * When it rejects with the system's error nothing was written.
   */
  async append(frames: readonly NewFrame[]): Promise<Extent[]> {
    const all = withKeys(this.segment, frames);
    await this.#writer.append(all);
    const extents: Extent[] = [];
    for (const frame of all) {
      const extent = admit(this.segment, frame, this.#engine.options.indexStepBytes);
      if (extent !== undefined) extents.push(extent);
    }
    assert(this.segment.end === this.#writer.end);
    return extents;
  }

  /** Writes the footer: nothing may follow. */
  async finish(states: ShardStates): Promise<void> {
    const { segment } = this;
    const { index } = segment;
    assert(index !== undefined);
    await this.#writer.finish(encodeFooter(segment, states), states.size);
    segment.index = undefined;
    this.#engine.footers.keep(segment, index);
  }
}

/** Frames, and before each the key that it is encrypted with, where the segment does not have that yet. */
function withKeys(segment: Segment, frames: readonly NewFrame[]): readonly NewFrame[] {
  if (frames.every(({ key }) => key === undefined)) return frames;
  const added = new Set<number>();
  return frames.flatMap((frame) => {
    if (frame.key === undefined || segment.keys.has(frame.key.id) || added.has(frame.key.id)) return [frame];
    added.add(frame.key.id);
    return [keyFrame(frame.key), frame];
  });
}

function keyFrame(key: WrappedKey): NewFrame {
  const payload = encodeKey(key);
  const encryption = { ...noEncryption, keyId: key.id };
  const content = { kind: frameKinds.key, shard: 0, count: 0, first: 0, arrival: 0, encryption };
  return { ...content, payload: [payload], payloadBytes: payload.length };
}

/** Where a new segment stands in its stream. */
type SegmentPlace = {
  readonly stream: string;
  readonly directory: string;
  readonly number: number;
  readonly link: Link;
  readonly states: ShardStates;
};

/**
 * Makes a new segment. It is whole and durable before it gets its name: no file with that name is half made.
 */
export async function createSegment(engine: EngineParts, place: SegmentPlace): Promise<OpenSegment> {
  const { disk, clock, random } = engine.env;
  const { stream, directory, number, states } = place;
  const { chain, sequence } = place.link;
  const path = `${directory}/${segmentName(number)}`;
  await engine.requireOwnership('now');
  const epoch = freshEpoch(random);
  const now = clock.now();
  const header = encodeSegmentHeader({
    stream,
    number,
    firstSequence: sequence,
    createdAt: now,
    epoch,
    chain,
  });
  const payload = encodeShardStates(states);
  const content = { kind: frameKinds.checkpoint, shard: 0, count: states.size, first: 0, arrival: now };
  const headerCrc = header.readUInt32BE(segmentHeaderBytes - 4);
  const checkpoint = encodeFrame(content, payload, { epoch, sequence, chain: headerCrc, watermark: 0 });
  const file = await createFile(engine, path, [header, checkpoint, payload]);
  try {
    await disk.renameToNew(path + unfinished, path);
  } catch (error) {
    await file.close();
    if (isSystemError(error, 'EEXIST')) await engine.giveUp(`Another server has made ${path}`, error);
    throw error;
  }
  await engine.makeDurable(directory, () => disk.syncDirectory(directory));
  engine.files.adopt(path, file);
  const end = segmentHeaderBytes + frameHeaderBytes + payload.length;
  const link = { chain: checkpoint.readUInt32BE(frameHeaderBytes - 4), sequence: sequence + 1 };
  return new OpenSegment(engine, newSegment(number, path, epoch, end), link);
}

/**
 * A file of which everything is durable, and this server's, by the time a write is answered. A write is one
 * write and one sync, at the end of what is there. When it rejects with the system's error nothing was
 * written. When it cannot be told what is durable, or whether the file is still this server's, the process
 * ends.
 */
export function durableFile(engine: EngineParts, path: string): SegmentFile {
  const { ownership } = engine;
  return {
    write: (buffers, end) =>
      engine.files.use(path, async (file) => {
        if (!ownership.isCertain) await engine.requireOwnership();
        try {
          await file.write(buffers, end);
        } catch (error) {
          await engine.makeDurable(`The end of ${path}`, () => cutOff(file, end));
          throw error;
        }
        await engine.makeDurable(path, () => file.sync());
        // A disk may take its time. What is written now cannot be refused any more.
        if (!ownership.isCertain) await engine.makeDurable(path, () => engine.requireOwnership());
      }),
  };
}

/** Takes back what was written beyond a position. */
export async function cutOff(file: File, end: number): Promise<void> {
  await file.truncate(end);
  await file.sync();
}
