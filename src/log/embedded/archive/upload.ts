import type { Clock } from '../../../env/clock.ts';
import type { File } from '../../../env/disk.ts';
import { ObjectStoreError } from '../../../env/object-store.ts';
import { DamagedError } from '../../log.ts';
import type { EngineParts } from '../engine-parts.ts';
import { decoded } from '../format/decoded.ts';
import { decodeFooter } from '../format/footer.ts';
import { readFooter } from '../read/footer-reader.ts';
import { readStart } from '../recover/scan.ts';
import type { Segment } from '../segment.ts';
import { readBeginning, verifySegment } from '../verify/verify-segment.ts';
import { Shards } from '../verify/verify-shards.ts';
import { checksumOf } from './archive-checksum.ts';
import type { ArchivedSegment } from './archive-entry.ts';
import type { ArchiveStore } from './archive-store.ts';
import { ObjectFile } from './object-file.ts';
import { segmentObject } from './object-names.ts';

/**
 * Puts a finished segment into the store, and reads it back: what it answers was found there. The segment is
 * in memory meanwhile. Rejects with `DamagedError` when its file is not what was written, and as the store
 * does; then nothing was archived.
 */
export async function uploadSegment(
  engine: EngineParts,
  store: ArchiveStore,
  stream: string,
  segment: Segment,
  signal: AbortSignal,
): Promise<ArchivedSegment> {
  const pieces = await engine.files.use(segment.path, piecesOf);
  const { clock } = engine.env;
  const file = piecesFile(segment.path, pieces, clock);
  const entry = await entryOf(file, segment, await checksumOf(pieces, clock));
  const name = segmentObject(stream, entry);
  await store.put(name, pieces, { contentType: 'application/octet-stream' }, signal);
  await requireStored(store, name, entry, clock, signal);
  return entry;
}

/** What is noted of a segment, once all of it was found to be right. */
async function entryOf(file: File, segment: Segment, crc: number): Promise<ArchivedSegment> {
  const { number, path, epoch } = segment;
  const { header } = await readStart(file, path);
  const found = await readFooter(file, segment);
  if (found === undefined || found.position !== segment.end) {
    throw new DamagedError(`${path}: the footer at byte ${segment.end} is damaged.`);
  }
  await requireSound(file, segment);
  const footer = decoded(path, 'the footer', () => decodeFooter(found.payload));
  const { chain, sequence } = found.frame;
  return {
    number,
    epoch,
    bytes: await file.size(),
    end: segment.end,
    before: { chain: header.chain, sequence: header.firstSequence },
    link: { chain, sequence },
    crc,
    extents: footer.extents.toSorted((one, other) => one.shard - other.shard),
    keys: footer.keys,
  };
}

/** Otherwise a fault of the disk would become the only copy. */
async function requireSound(file: File, { path, epoch }: Segment): Promise<void> {
  const beginning = { ...(await readBeginning(file, path)), epoch };
  const { findings } = await verifySegment(file, path, beginning, {
    shards: new Shards(),
    keys: new Set(),
    before: undefined,
    next: undefined,
    onFrame() {},
  });
  const [wrong] = findings;
  if (wrong !== undefined) {
    throw new DamagedError(`${path}: damaged at byte ${wrong.position}: ${wrong.message}`);
  }
}

/** A store that keeps something else is found out while the file is still there. */
async function requireStored(
  store: ArchiveStore,
  name: string,
  { bytes, crc }: ArchivedSegment,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let found = 0;
  for (let start = 0; start < bytes; start += readBackBytes) {
    const end = Math.min(bytes, start + readBackBytes);
    const part = await store.part(name, { start, end }, signal);
    if (part?.body.length !== end - start) throw notStored(store, name);
    found = await checksumOf([part.body], clock, found);
  }
  if (found !== crc) throw notStored(store, name);
}

function notStored(store: ArchiveStore, name: string): ObjectStoreError {
  return new ObjectStoreError(`${store.textOf(name)} is not what was put there`, 'BadDigest', true);
}

async function piecesOf(file: File): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  const size = await file.size();
  for (let position = 0; position < size; position += pieceBytes) {
    const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, size - position));
    if ((await file.read(piece, position)) < piece.length)
      throw new DamagedError('A segment became shorter.');
    pieces.push(piece);
  }
  return pieces;
}

/**
 * Pieces of the same length but for the last, as those have them who read files. Others have their turn now
 * and then while it is read.
 */
function piecesFile(path: string, pieces: readonly Buffer[], clock: Clock): File {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  let unbroken = 0;
  return new ObjectFile(path, bytes, async (start, end) => {
    unbroken += end - start;
    if (unbroken > unbrokenBytesMax) {
      unbroken = 0;
      await clock.turn();
    }
    const first = Math.floor(start / pieceBytes);
    const read = pieces.slice(first, Math.ceil(end / pieceBytes));
    const from = start - first * pieceBytes;
    const all = read.length === 1 ? read[0]! : Buffer.concat(read);
    return all.subarray(from, from + end - start);
  });
}

const pieceBytes = 1024 * 1024;
/** What is read is checked, frame by frame. */
const unbrokenBytesMax = 512 * 1024;
const readBackBytes = 4 * 1024 * 1024;
