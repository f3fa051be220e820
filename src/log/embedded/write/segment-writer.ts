import { strict as assert } from 'node:assert';
import { type File, isSystemError } from '../../../env/disk.ts';
import type { WrappedKey } from '../../data-keys.ts';
import type { Engine } from '../engine.ts';
import { freshEpoch } from '../format/epoch.ts';
import { encodeFooter, encodeTrailer } from '../format/footer.ts';
import {
  encodeFrame,
  type FramePlace,
  frameHeaderBytes,
  frameKinds,
  HeaderWriter,
  noEncryption,
} from '../format/frame.ts';
import { encodeKey } from '../format/key.ts';
import { encodeSegmentHeader, segmentHeaderBytes } from '../format/segment-header.ts';
import { admit, type Extent, type Segment, segmentName } from '../segment.ts';
import { encodeShardStates, type ShardStates } from '../shard-state.ts';
import { layOutRound, type NewFrame } from './round-layout.ts';

/**
 * What the next frame needs of those before it: the last one's header CRC, and its own sequence. Footers are
 * no part of the chain.
 */
export type Link = { readonly chain: number; readonly sequence: number };

/** The link of a stream's first frame. */
export const firstLink: Link = { chain: 0, sequence: 0 };

/** Writes at the end of one segment. */
export class SegmentWriter {
  readonly segment: Segment;
  readonly #engine: Engine;
  readonly #headers: HeaderWriter;
  #link: Link;

  constructor(engine: Engine, segment: Segment, link: Link) {
    this.#engine = engine;
    this.segment = segment;
    this.#link = link;
    this.#headers = new HeaderWriter(segment.epoch);
  }

  get link(): Link {
    return this.#link;
  }

  /**
   * Writes frames and makes them durable, then lets readers see them. Answers the extents that they are in.
   * When it rejects with the system's error nothing was written.
   */
  async append(frames: readonly NewFrame[]): Promise<Extent[]> {
    const all = withKeys(this.segment, frames);
    const layout = layOutRound(this.#headers, all, this.#place());
    await this.#commit(layout.buffers);
    assert(layout.link.sequence === this.#link.sequence + all.length);
    this.#link = layout.link;
    const extents: Extent[] = [];
    for (const frame of all) {
      const extent = admit(this.segment, frame, this.#engine.options.indexStepBytes);
      if (extent !== undefined) extents.push(extent);
    }
    return extents;
  }

  /** Writes the footer: nothing may follow. */
  async finish(standings: ShardStates): Promise<void> {
    const { index } = this.segment;
    assert(index !== undefined);
    const payload = encodeFooter(this.segment, standings);
    const content = { kind: frameKinds.footer, shard: 0, count: standings.size, first: 0, arrival: 0 };
    const header = encodeFrame(content, payload, this.#place());
    await this.#commit([header, payload, encodeTrailer(this.segment.end)]);
    this.#link = { chain: this.#link.chain, sequence: this.#link.sequence + 1 };
    this.segment.index = undefined;
    this.#engine.footers.keep(this.segment, index);
  }

  /** The place of the next frame: all before it is durable. */
  #place(): FramePlace {
    const { epoch, end } = this.segment;
    return { epoch, ...this.#link, watermark: end };
  }

  /** One write and one sync. */
  async #commit(buffers: readonly Buffer[]): Promise<void> {
    const { path, end } = this.segment;
    const { ownership } = this.#engine;
    await this.#engine.files.use(path, async (file) => {
      if (!ownership.isCertain) await this.#engine.requireOwnership();
      try {
        await file.write(buffers, end);
      } catch (error) {
        await this.#engine.makeDurable(`The end of ${path}`, () => cutOff(file, end));
        throw error;
      }
      await this.#engine.makeDurable(path, () => file.sync());
      // A disk may take its time. What is written now cannot be refused any more.
      if (!ownership.isCertain) await this.#engine.makeDurable(path, () => this.#engine.requireOwnership());
    });
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
export type SegmentPlace = {
  readonly stream: string;
  readonly directory: string;
  readonly number: number;
  readonly link: Link;
  readonly standings: ShardStates;
};

/**
 * Makes a new segment. It is whole, and its name durable, before it has its name: no file with that name is
 * half made.
 */
export async function createSegment(engine: Engine, place: SegmentPlace): Promise<SegmentWriter> {
  const { disk, clock, random } = engine.env;
  const { stream, directory, number, standings } = place;
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
  const payload = encodeShardStates(standings);
  const content = { kind: frameKinds.checkpoint, shard: 0, count: standings.size, first: 0, arrival: now };
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
  const segment: Segment = {
    number,
    path,
    epoch,
    end,
    extents: new Map(),
    index: new Map(),
    keys: new Map(),
  };
  const link = { chain: checkpoint.readUInt32BE(frameHeaderBytes - 4), sequence: sequence + 1 };
  return new SegmentWriter(engine, segment, link);
}

/** What the name of a segment ends with until it is whole. */
export const unfinished = '.new';

/** A new file, durable under `path` and what marks it as unfinished. Rejects with the system's error. */
export async function createFile(engine: Engine, path: string, buffers: readonly Buffer[]): Promise<File> {
  const { disk } = engine.env;
  await removeIfThere(engine, path + unfinished);
  const file = await disk.open(path + unfinished, 'create');
  try {
    await file.write(buffers, 0);
  } catch (error) {
    await file.close();
    throw error;
  }
  await engine.makeDurable(path, () => file.sync());
  return file;
}

/** An earlier attempt may have failed half way. */
async function removeIfThere(engine: Engine, path: string): Promise<void> {
  try {
    await engine.env.disk.remove(path);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
}

/** Takes back what was written beyond a position. */
export async function cutOff(file: File, end: number): Promise<void> {
  await file.truncate(end);
  await file.sync();
}
