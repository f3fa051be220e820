import type { Clock } from '../../../env/clock.ts';
import { type Disk, type File, namesIn, readWith } from '../../../env/disk.ts';
import { DamagedError, NewerFormatError } from '../../log.ts';
import { archiveNoteName, readArchiveNote } from '../archive/archive-note.ts';
import type { ArchiveStore } from '../archive/archive-store.ts';
import { ArchivedFiles } from '../archive/archived-files.ts';
import { ArchivedSegments } from '../archive/archived-segments.ts';
import { segmentName, segmentNumber } from '../segment.ts';
import { unfinished } from '../write/new-file.ts';
import type { Link } from '../write/segment-writer.ts';
import type { Finding } from './verify-finding.ts';

/** An archive from which segments are read, too. */
export type ArchiveToRead = { readonly store: ArchiveStore; readonly clock: Clock };

/** What of a log lies in an archive. */
export type CheckedArchive = {
  readonly segments: number;
  readonly bytes: number;
  /** The number of the newest; 0 when there is none. */
  readonly last: number;
  /** Whether it was read like the rest; else it counts nowhere else. */
  readonly isRead: boolean;
};

/** Which segments there are of a stream, wherever they lie, and what else is in its directory. */
export type StreamFiles = {
  /** The numbers of the segments that can be read, ascending. */
  readonly numbers: readonly number[];
  readonly archived: CheckedArchive;
  /** What the first of them goes on from, where that is known. */
  readonly before: Link | undefined;
  readonly findings: readonly Finding[];
  /** What `work` finds in the segment at a path. */
  read<T>(path: string, work: (file: File) => Promise<T>): Promise<T>;
};

/** Throws `NewerFormatError`. No directory is an empty log. */
export async function streamFiles(
  disk: Disk,
  stream: string,
  directory: string,
  archive: ArchiveToRead | undefined,
): Promise<StreamFiles> {
  const names = await namesIn(disk, directory);
  const findings: Finding[] = [];
  const archived = await archivedIn(disk, directory, names, findings);
  const local: number[] = [];
  for (const name of names) {
    const number = segmentNumber(name);
    if (number === undefined) findings.push(...oddity(`${directory}/${name}`));
    else if (archived.has(number)) findings.push(notRemoved(`${directory}/${name}`));
    else local.push(number);
  }
  const first = archived.count > 0 ? archived.last + 1 : local[0];
  for (const number of missingFrom(first, local)) {
    const path = `${directory}/${segmentName(number)}`;
    findings.push({ kind: 'damage', path, position: 0, message: 'the segment is missing.' });
  }
  const files = new ArchivedFiles(archive?.clock, archive?.store);
  files.include(stream, directory, archived);
  const all = numbersOf(archived);
  return {
    numbers: archive === undefined ? local : [...all, ...local],
    archived: {
      segments: archived.count,
      bytes: bytesOf(archived, all),
      last: all.at(-1) ?? 0,
      isRead: archive !== undefined,
    },
    before: archive === undefined && all.length > 0 ? archived.entry(archived.last).link : undefined,
    findings,
    read: (path, work) => {
      const file = files.fileAt(path);
      return file === undefined ? readWith(disk, path, work) : work(file);
    },
  };
}

async function archivedIn(
  disk: Disk,
  directory: string,
  names: readonly string[],
  findings: Finding[],
): Promise<ArchivedSegments> {
  const path = `${directory}/${archiveNoteName}`;
  try {
    const { segments, end, bytes } = await readArchiveNote(disk, directory, names);
    const message = 'an entry that was never acted upon. The next start cuts it off.';
    if (end < bytes) findings.push({ kind: 'torn', path, position: end, message });
    return segments;
  } catch (error) {
    if (!(error instanceof DamagedError) || error instanceof NewerFormatError) throw error;
    const message = 'which segments are archived cannot be read.';
    findings.push({ kind: 'damage', path, position: 0, message });
    return new ArchivedSegments(directory);
  }
}

function numbersOf(archived: ArchivedSegments): number[] {
  return Array.from({ length: archived.count }, (_, index) => archived.first + index);
}

function bytesOf(archived: ArchivedSegments, numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + archived.entry(number).bytes, 0);
}

function oddity(path: string): Finding[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === archiveNoteName) return [];
  if (!name.endsWith(`.log${unfinished}`) && name !== archiveNoteName + unfinished) {
    return [{ kind: 'note', path, position: 0, message: 'not a file of Millrace’s; it is left alone.' }];
  }
  const message = name.startsWith(archiveNoteName)
    ? 'a note that was never finished. The next one replaces it.'
    : 'a segment that was never begun. The next start removes it.';
  return [{ kind: 'torn', path, position: 0, message }];
}

function notRemoved(path: string): Finding {
  return { kind: 'torn', path, position: 0, message: 'the segment is archived. The next start removes it.' };
}

/** The numbers that are missing between the first that there must be and the last that there is. */
function missingFrom(first: number | undefined, numbers: readonly number[]): number[] {
  if (first === undefined) return [];
  const last = Math.max(first, numbers.at(-1) ?? first);
  const there = new Set(numbers);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
    (each) => !there.has(each),
  );
}
