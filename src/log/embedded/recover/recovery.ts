import { bytesAt, type File, isRefusedBySystem, namesIn } from '../../../env/disk.ts';
import { DamagedError } from '../../log.ts';
import { ArchiveNote } from '../archive/archive-note.ts';
import type { ArchivedSegments } from '../archive/archived-segments.ts';
import type { EngineParts } from '../engine-parts.ts';
import { decoded } from '../format/decoded.ts';
import { decodeFooter } from '../format/footer.ts';
import { decodeSegmentHeader } from '../format/segment-header.ts';
import { readFooter } from '../read/footer-reader.ts';
import { newSegment, type Segment, segmentName, segmentNumber } from '../segment.ts';
import type { ShardState } from '../shard-state.ts';
import { unfinished } from '../write/new-file.ts';
import { cutOff, OpenSegment } from '../write/open-segment.ts';
import { firstLink, type Link } from '../write/segment-writer.ts';
import type { LogEnd } from './ends.ts';
import { findProof, readStart, type SegmentStart, scanFrames, startBytes } from './scan.ts';

/** What a stream's directory holds. */
export type Recovered = {
  /** What is archived. */
  readonly note: ArchiveNote;
  /** Those on the disk, all of them finished, oldest first. The next append begins a new one. */
  readonly segments: Segment[];
  readonly states: Map<number, ShardState>;
  /** The link of the frame that is written next. */
  readonly link: Link;
};

/**
 * Finds out what was acknowledged, finishes what a crash left unfinished, and cuts off what a crash tore.
 * Throws `DamagedError` when something is wrong that no crash explains, and then changes nothing.
 */
export async function recover(engine: EngineParts, { stream, directory, noted }: Origin): Promise<Recovered> {
  const names = await namesIn(engine.env.disk, directory);
  await requireKnownFormat(engine, directory, names);
  const note = await ArchiveNote.open(engine, directory, names);
  engine.archived.include(stream, directory, note.segments);
  const numbers = await segmentNumbers(engine, directory, names, note.segments);
  const segments: Segment[] = [];
  let last: Examined | undefined;
  for (const number of numbers) {
    const examined = await examine(engine, stream, `${directory}/${segmentName(number)}`, number);
    const before = last ?? newestArchived(note.segments);
    if (before !== undefined) requireContinuation(before, examined.start);
    if (last !== undefined) await finish(engine, last);
    segments.push(examined.segment);
    last = examined;
  }
  if (last === undefined) return { note, segments, states: new Map(), link: firstLink };
  if (noted !== undefined) requireEnd(last.segment, directory, noted);
  await requireTornAtMost(engine, last);
  await settle(engine, last, directory);
  await finish(engine, last);
  const { chain, sequence } = last.link;
  await removeArchived(engine, directory, names, note.segments);
  return { note, segments, states: last.states, link: { chain, sequence: sequence + 1 } };
}

/** Which stream, where its segments are, and how far they once came. */
type Origin = { readonly stream: string; readonly directory: string; readonly noted: LogEnd | undefined };

/** A segment, read as far as needed: `link` is the footer's. */
type Examined = {
  readonly segment: Segment;
  readonly start: SegmentStart;
  readonly states: Map<number, ShardState>;
  readonly link: Link;
  /** All before it was durable when the process before ended. */
  readonly watermark: number;
  readonly isFinished: boolean;
};

/**
 * Throws `NewerFormatError` before anything is changed. What a newer version wrote comes last, because no
 * older one goes on from it.
 */
async function requireKnownFormat(
  engine: EngineParts,
  directory: string,
  names: readonly string[],
): Promise<void> {
  const last = names.findLast((name) => segmentNumber(name) !== undefined);
  if (last === undefined) return;
  const path = `${directory}/${last}`;
  decodeSegmentHeader(await engine.files.use(path, (file) => bytesAt(file, 0, startBytes)), path);
}

/**
 * The numbers of the segments on the disk, one after the other, without those that are archived and were
 * about to be removed. Removes what the creation of a segment left behind.
 */
async function segmentNumbers(
  engine: EngineParts,
  directory: string,
  names: readonly string[],
  archived: ArchivedSegments,
): Promise<number[]> {
  const numbers: number[] = [];
  for (const name of names) {
    const number = segmentNumber(name);
    if (name.endsWith(`.log${unfinished}`)) await engine.env.disk.remove(`${directory}/${name}`);
    else if (number !== undefined && !archived.has(number)) numbers.push(number);
  }
  const first = archived.count > 0 ? archived.last + 1 : numbers[0]!;
  // The newest is never archived.
  const count = archived.count > 0 ? Math.max(1, numbers.length) : numbers.length;
  for (let index = 0; index < count; index++) {
    const expected = first + index;
    if (numbers[index] !== expected)
      throw new DamagedError(`${directory}/${segmentName(expected)}: missing.`);
  }
  return numbers;
}

/** What the oldest segment on the disk goes on from. */
function newestArchived(archived: ArchivedSegments): Pick<Examined, 'segment' | 'link'> | undefined {
  if (archived.count === 0) return undefined;
  return { segment: archived.segment(archived.last), link: archived.entry(archived.last).link };
}

/** The process before may have ended between the note that a segment is archived and its removal. */
async function removeArchived(
  engine: EngineParts,
  directory: string,
  names: readonly string[],
  archived: ArchivedSegments,
): Promise<void> {
  const left = names.filter((name) => archived.has(segmentNumber(name) ?? 0));
  if (left.length === 0) return;
  for (const name of left) await engine.env.disk.remove(`${directory}/${name}`);
  await engine.syncDirectory(directory);
}

function examine(engine: EngineParts, stream: string, path: string, number: number): Promise<Examined> {
  return engine.files.use(path, async (file) => {
    const start = await readStart(file, path);
    if (start.header.stream !== stream || start.header.number !== number) {
      throw new DamagedError(
        `${path}: is segment ${start.header.number} of stream ${start.header.stream}, and does not belong here.`,
      );
    }
    const segment = newSegment(number, path, start.header.epoch, start.position);
    return (await examineFinished(file, segment, start)) ?? examineUnfinished(engine, file, segment, start);
  });
}

async function examineFinished(
  file: File,
  segment: Segment,
  start: SegmentStart,
): Promise<Examined | undefined> {
  const found = await readFooter(file, segment);
  if (found === undefined) return undefined;
  const { position, frame } = found;
  const footer = decoded(segment.path, 'the footer', () => decodeFooter(found.payload));
  segment.end = position;
  segment.index = undefined;
  for (const extent of footer.extents) segment.extents.set(extent.shard, { ...extent, segment });
  for (const [id, position] of footer.keys) segment.keys.set(id, { position });
  const link = { chain: frame.chain, sequence: frame.sequence };
  return { segment, start, states: footer.states, link, watermark: position, isFinished: true };
}

async function examineUnfinished(
  engine: EngineParts,
  file: File,
  segment: Segment,
  start: SegmentStart,
): Promise<Examined> {
  const scanned = await scanFrames(file, segment, start, engine.options.indexStepBytes);
  return { segment, start, ...scanned, isFinished: false };
}

/** A segment must go on where the one before ended; otherwise the end of that one is gone. */
function requireContinuation(last: Pick<Examined, 'segment' | 'link'>, start: SegmentStart): void {
  const { chain, firstSequence } = start.header;
  if (last.link.chain === chain && last.link.sequence + 1 === firstSequence) return;
  const { path, end } = last.segment;
  throw new DamagedError(
    `${path}: damaged at byte ${end}: the next segment goes on from records that are missing.`,
  );
}

/** After a proper end nothing of a log is torn. A stream of which nothing is left may have been dropped. */
function requireEnd({ number, path, end }: Segment, directory: string, noted: LogEnd): void {
  if (number < noted.segment) throw new DamagedError(`${directory}/${segmentName(noted.segment)}: missing.`);
  if (number > noted.segment || end >= noted.bytes) return;
  throw new DamagedError(
    `${path}: damaged at byte ${end}: the server was ended properly when it had ${noted.bytes}.`,
  );
}

/** What follows the last whole frame was never acknowledged, or this throws. */
async function requireTornAtMost(engine: EngineParts, { segment, isFinished }: Examined): Promise<void> {
  if (isFinished) return;
  const proof = await engine.files.use(segment.path, (file) => findProof(file, segment));
  if (proof === undefined) return;
  throw new DamagedError(
    `${segment.path}: damaged at byte ${segment.end}, which was durable when the frame at byte ${proof} was written.`,
  );
}

/**
 * Writes again what may not be durable, before any reader is shown it. The process before may have ended
 * between a write and its sync; or its sync failed, and the system shows as clean what the disk does not
 * hold.
 */
async function settle(
  engine: EngineParts,
  { segment, watermark, isFinished }: Examined,
  directory: string,
): Promise<void> {
  // The process may have ended before the segment's name was durable as well. Whoever finishes it needs that:
  // what is noted of a log's end must not be more than a power cut leaves.
  if (!isFinished) await engine.syncDirectory(directory);
  await engine.files.use(segment.path, async (file) => {
    const end = segment.index === undefined ? await file.size() : segment.end;
    const bytes = await bytesAt(file, watermark, end - watermark);
    try {
      await file.write([bytes], watermark);
    } catch (error) {
      // A full disk that copies on write takes it no more than new bytes. What is dirty is still synced.
      if (!isRefusedBySystem(error)) throw error;
    }
    await engine.makeDurable(segment.path, () => file.sync());
  });
}

/** Cuts off what is not whole and writes the footer. */
async function finish(engine: EngineParts, { segment, states, link, isFinished }: Examined): Promise<void> {
  if (isFinished) return;
  await engine.files.use(segment.path, async (file) => {
    const tornBytes = (await file.size()) - segment.end;
    if (tornBytes === 0) return;
    engine.env.logger.warn('Cut off the end of a segment: its last round was never acknowledged.', {
      path: segment.path,
      position: segment.end,
      bytes: tornBytes,
    });
    await engine.makeDurable(segment.path, () => cutOff(file, segment.end));
  });
  // Without its footer it is only slower to open: a full disk must not keep the server from starting.
  const open = new OpenSegment(engine, segment, link);
  await engine.attempt(() => open.finish(states), 'Could not finish a segment.', { path: segment.path });
}
