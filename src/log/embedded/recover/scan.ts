import type { File } from '../../../env/disk.ts';
import { DamagedError } from '../../log.ts';
import { decoded } from '../format/decoded.ts';
import { type Frame, type FrameSource, frameHeaderBytes, frameKinds, nextOf } from '../format/frame.ts';
import { decodeSegmentHeader, type SegmentHeader, segmentHeaderBytes } from '../format/segment-header.ts';
import { frameAt, nextFrame } from '../read/frame-search.ts';
import { ReadAhead } from '../read/read-ahead.ts';
import { admit, type Segment } from '../segment.ts';
import { decodeShardStates, type ShardState, stateAfter, untouched } from '../shard-state.ts';
import type { Link } from '../write/segment-writer.ts';

/** What a segment begins with: its header and the checkpoint of all shards, as they stood then. */
export type SegmentStart = {
  readonly header: SegmentHeader;
  readonly states: Map<number, ShardState>;
  /** Where the frames begin that came after the creation. */
  readonly position: number;
  readonly link: Link;
};

/** Reads a segment's start. A segment gets its name when its start is durable, so one without is damaged. */
export async function readStart(file: File, path: string): Promise<SegmentStart> {
  const window = new ReadAhead(file, await file.size(), startBytes);
  await window.load(0, segmentHeaderBytes);
  const header = decodeSegmentHeader(window.bytes, path);
  if (header === undefined) throw new DamagedError(`${path}: damaged at byte 0, in the segment's header.`);
  const found = await frameAt(window, segmentHeaderBytes, { epoch: header.epoch, path });
  if (
    found?.payload === undefined ||
    found.frame.kind !== frameKinds.checkpoint ||
    found.frame.chain !== header.crc ||
    found.frame.sequence !== header.firstSequence
  ) {
    throw new DamagedError(`${path}: damaged at byte ${segmentHeaderBytes}, in the checkpoint.`);
  }
  return {
    header,
    states: decoded(path, 'the checkpoint', () => decodeShardStates(found.payload!).states),
    position: segmentHeaderBytes + frameHeaderBytes + found.payload.length,
    link: { chain: found.frame.crc, sequence: found.frame.sequence + 1 },
  };
}

/**
 * Reads all frames of a segment that was not finished, up to the first that is not whole, and enters them in
 * the segment and the states. Answers the link that the next frame would have, and the last watermark.
 */
export async function scanFrames(
  file: File,
  segment: Segment,
  start: SegmentStart,
  indexStepBytes: number,
): Promise<{ states: Map<number, ShardState>; link: Link; watermark: number }> {
  const window = new ReadAhead(file, await file.size(), scanBytes);
  const states = new Map(start.states);
  let { chain, sequence } = start.link;
  let watermark = segment.end;
  for (;;) {
    const found = await frameAt(window, segment.end, segment);
    if (found?.payload === undefined) break;
    const { frame } = found;
    if (frame.chain !== chain || frame.sequence !== sequence) break;
    if (frame.kind === frameKinds.footer) break;
    const state = states.get(frame.shard) ?? untouched(frame.shard);
    if (!follows(frame, state, segment)) {
      throw new DamagedError(
        `${segment.path}: the frame at byte ${segment.end} does not follow from those before.`,
      );
    }
    admit(segment, frame, indexStepBytes);
    if (frame.kind !== frameKinds.key) states.set(frame.shard, stateAfter(state, frame));
    chain = frame.crc;
    sequence += 1;
    watermark = frame.watermark;
  }
  return { states, link: { chain, sequence }, watermark };
}

/** True when a frame goes on from what is known of its shard, in exact numbers, and its key is known. */
function follows(frame: Frame, { next, sealed, lastArrival }: ShardState, { end, keys }: Segment): boolean {
  const { kind, first, arrival, encryption } = frame;
  if (frame.watermark > end || kind === frameKinds.checkpoint) return false;
  if (kind === frameKinds.key) return encryption !== undefined;
  if (kind === frameKinds.records && (arrival < lastArrival || !Number.isSafeInteger(arrival))) return false;
  if (first !== next || sealed || !Number.isSafeInteger(nextOf(frame))) return false;
  return encryption === undefined || keys.has(encryption.keyId);
}

/**
 * The position of a frame that proves that what lies at `end` was durable once: a frame is written with a
 * watermark, up to which all was durable by then. Frames of the round that `end` belongs to prove nothing.
 */
export async function findProof(
  file: File,
  segment: FrameSource & Pick<Segment, 'end'>,
): Promise<number | undefined> {
  const window = new ReadAhead(file, await file.size(), scanBytes);
  return nextFrame(window, segment.end, segment, ({ watermark }) => watermark > segment.end);
}

/** A header of any version is no longer. */
export const startBytes = 4096;
const scanBytes = 1024 * 1024;
