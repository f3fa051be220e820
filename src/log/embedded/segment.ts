import { strict as assert } from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import type { WrappedKey } from '../data-keys.ts';
import type { Epoch } from './format/epoch.ts';
import { type FrameContent, frameHeaderBytes, frameKinds, nextOf } from './format/frame.ts';
import { SparseIndex } from './format/sparse-index.ts';

/** A file of a stream's log, as far as memory keeps it. */
export type Segment = {
  readonly number: number;
  readonly path: string;
  readonly epoch: Epoch;
  /** All frames of records lie before it, and all before it is durable. */
  end: number;
  /** What the segment holds of each shard. */
  readonly extents: Map<number, Extent>;
  /** Where frames lie, by shard. A finished segment keeps it in its footer instead. */
  index: SegmentIndex | undefined;
  /** The keys of all encrypted frames in it, by id. */
  readonly keys: Map<number, KeyPlace>;
};

/** Where the frame of a key lies, and the key once it was read. */
type KeyPlace = { readonly position: number; key?: WrappedKey };

/** The part of a shard that one segment holds. */
export type Extent = {
  readonly segment: Segment;
  readonly shard: number;
  readonly first: Offset;
  next: Offset;
  readonly firstArrival: Millis;
  lastArrival: Millis;
};

export type SegmentIndex = Map<number, SparseIndex>;

/** A segment whose frames are not looked at yet: they begin at `end`. */
export function newSegment(number: number, path: string, epoch: Epoch, end: number): Segment {
  return { number, path, epoch, end, extents: new Map(), index: new Map(), keys: new Map() };
}

/** The highest id of a key in any of them, 0 when there is none. */
export function highestKeyOf(segments: readonly Segment[]): number {
  let highest = 0;
  for (const { keys } of segments) for (const id of keys.keys()) highest = Math.max(highest, id);
  return highest;
}

/** The file name of a segment. The order of the names is the order of the segments. */
export function segmentName(number: number): string {
  return `${String(number).padStart(12, '0')}.log`;
}

/** The number in a segment's file name, undefined when it is none. */
export function segmentNumber(name: string): number | undefined {
  return /^\d{12}\.log$/.test(name) ? Number(name.slice(0, 12)) : undefined;
}

/** What a frame says, and how large its payload is. */
type SizedFrame = FrameContent & { readonly payloadBytes: number };

/**
 * Takes a durable frame at the segment's end into account. Answers the extent that it begins or continues.
 */
export function admit(segment: Segment, frame: SizedFrame, indexStepBytes: number): Extent | undefined {
  const position = segment.end;
  segment.end += frameHeaderBytes + frame.payloadBytes;
  if (frame.kind === frameKinds.key) segment.keys.set(frame.encryption!.keyId, { position });
  if (frame.kind !== frameKinds.records) return undefined;
  assert(frame.encryption === undefined || segment.keys.has(frame.encryption.keyId));
  noteInIndex(segment, frame, position, indexStepBytes);
  const extent = segment.extents.get(frame.shard);
  if (extent === undefined) {
    const begun = extentOf(segment, frame);
    segment.extents.set(frame.shard, begun);
    return begun;
  }
  assert(extent.next === frame.first);
  assert(extent.lastArrival <= frame.arrival);
  extent.next = nextOf(frame);
  extent.lastArrival = frame.arrival;
  return extent;
}

function extentOf(segment: Segment, frame: FrameContent): Extent {
  const { shard, first, arrival } = frame;
  return { segment, shard, first, next: nextOf(frame), firstArrival: arrival, lastArrival: arrival };
}

function noteInIndex(segment: Segment, frame: FrameContent, position: number, stepBytes: number): void {
  assert(segment.index !== undefined);
  const index = segment.index.get(frame.shard) ?? new SparseIndex(stepBytes);
  segment.index.set(frame.shard, index);
  index.note({ offset: frame.first, arrival: frame.arrival, position });
}
