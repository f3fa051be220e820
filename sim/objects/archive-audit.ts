import { crc32 } from 'node:zlib';
import type { S3Object } from '../../harness/objects/s3-buckets.ts';
import {
  type ArchivedSegment,
  decodeForgotten,
  entryAt,
} from '../../src/log/embedded/archive/archive-entry.ts';
import { archiveNoteName } from '../../src/log/embedded/archive/archive-note.ts';
import { ArchivedSegments } from '../../src/log/embedded/archive/archived-segments.ts';
import { decodeGeneration } from '../../src/log/embedded/archive/generation.ts';
import {
  controlFilesPrefix,
  generationNamed,
  ownerName,
  segmentNamed,
  segmentObject,
} from '../../src/log/embedded/archive/object-names.ts';
import type { Storage } from '../storage.ts';

const directory = 'streams';

/**
 * What is wrong with an archive while nothing happens to it, as sentences: what is noted must be there, byte
 * by byte, and what is there must be noted, or be the control plane's at one of two moments.
 */
export function archiveTroubles(
  storage: Storage,
  objects: ReadonlyMap<string, S3Object>,
  prefix: string,
): string[] {
  const found = new Map([...objects].map(([key, { body }]) => [key.slice(prefix.length), body]));
  const noted = new Map(notesIn(storage).map(({ name, segment }) => [name, segment]));
  return [...missing(found, noted), ...leftOver(found, noted)];
}

function* missing(
  found: ReadonlyMap<string, Buffer>,
  noted: ReadonlyMap<string, ArchivedSegment>,
): Generator<string> {
  for (const [name, { bytes, crc }] of noted) {
    const body = found.get(name);
    if (body === undefined) yield `missing: ${name} is noted, and not in the archive`;
    else if (body.length !== bytes || crc32(body) !== crc) yield `changed: ${name} is not what was archived`;
  }
  for (const { generation, files } of generationsIn(found)) {
    for (const { object, crc } of files) {
      const body = found.get(object);
      if (body === undefined || crc32(body) !== crc)
        yield `missing: generation ${generation} names ${object}`;
    }
  }
}

/** Of generations two are kept. */
function* leftOver(
  found: ReadonlyMap<string, Buffer>,
  noted: ReadonlyMap<string, ArchivedSegment>,
): Generator<string> {
  const generations = generationsIn(found);
  if (generations.length > 2) yield `left over: ${generations.length} generations are in the archive`;
  const control = new Set(generations.flatMap(({ files }) => files.map(({ object }) => object)));
  for (const name of found.keys()) {
    const isKnown =
      name === ownerName ||
      (segmentNamed(name) !== undefined && noted.has(name)) ||
      (generationNamed(name) !== undefined && !name.startsWith(controlFilesPrefix)) ||
      control.has(name);
    if (!isKnown) yield `left over: ${name} lies in the archive, and nothing names it`;
  }
}

function generationsIn(found: ReadonlyMap<string, Buffer>) {
  return [...found].flatMap(([name, body]) => {
    const generation = generationNamed(name) === undefined ? undefined : decodeGeneration(body);
    return generation === undefined ? [] : [generation];
  });
}

/** What the notes of all streams say is archived. */
function notesIn(storage: Storage): { name: string; segment: ArchivedSegment }[] {
  return storage.list(directory).flatMap((stream) => {
    const path = `${directory}/${stream}`;
    const isStream = !stream.startsWith('_') && storage.list(path).includes(archiveNoteName);
    if (!isStream) return [];
    const bytes = Buffer.from(storage.file(`${path}/${archiveNoteName}`).text(), 'latin1');
    return segmentsIn(bytes).map((segment) => ({ name: segmentObject(stream, segment), segment }));
  });
}

function segmentsIn(bytes: Buffer): ArchivedSegment[] {
  const segments = new ArchivedSegments('');
  let at = 0;
  for (let entry = entryAt(bytes, 0); entry !== undefined; entry = entryAt(bytes, at)) {
    if (entry.kind === 'forgotten') segments.forget(decodeForgotten(entry.body));
    else segments.addEntry(bytes.subarray(at, entry.end));
    at = entry.end;
  }
  return Array.from({ length: segments.count }, (_, index) => segments.entry(segments.first + index));
}
