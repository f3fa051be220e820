import type { Millis } from '../../../env/clock.ts';
import type { Segment } from '../segment.ts';
import type { ArchivedExtent, ArchivedSegment } from './archive-entry.ts';
import type { ArchivedSegments } from './archived-segments.ts';

/**
 * The oldest of a stream's segments on the disk, when it can be archived: it is finished and not the newest,
 * which says where the shards stand, and no record of it arrived at or after a time.
 */
export function archivableOf([oldest, next]: readonly Segment[], before: Millis): Segment | undefined {
  if (oldest === undefined || next === undefined || oldest.index !== undefined) return undefined;
  for (const { lastArrival } of oldest.extents.values()) if (lastArrival >= before) return undefined;
  return oldest;
}

/** Whether a segment has a record that arrived before a time. */
export function isAged(segment: Segment | undefined, before: Millis): boolean {
  if (segment === undefined) return false;
  for (const { firstArrival } of segment.extents.values()) if (firstArrival < before) return true;
  return false;
}

/** The archived segments, from the oldest on, of which nothing can be read any more. */
export function unreadable(
  segments: ArchivedSegments,
  isRead: (extent: ArchivedExtent) => boolean,
): ArchivedSegment[] {
  const found: ArchivedSegment[] = [];
  if (segments.count === 0) return found;
  for (let number = segments.first; segments.has(number); number++) {
    const segment = segments.entry(number);
    if (segment.extents.some(isRead)) break;
    found.push(segment);
  }
  return found;
}
