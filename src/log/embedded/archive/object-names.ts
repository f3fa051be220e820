import type { Epoch } from '../format/epoch.ts';
import type { ArchivedSegment } from './archive-entry.ts';

/** Where in a bucket an archive is. The prefix is empty, or ends with a slash. */
export type ArchivePlace = { readonly bucket: string; readonly prefix: string };

/**
 * The place that `s3://bucket/prefix` names; undefined when it names none (Amazon S3 user guide, "Bucket
 * naming rules").
 */
export function archivePlaceIn(text: string): ArchivePlace | undefined {
  const found = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w!.*'()/-]*))?$/.exec(text);
  if (found === null) return undefined;
  const prefix = (found[2] ?? '').replace(/\/+$/, '');
  // Paths and URLs would not keep these as they are.
  if (/(^|\/)\.{0,2}(\/|$)/.test(prefix) && prefix !== '') return undefined;
  return prefix.length > prefixBytesMax ? undefined : { bucket: found[1]!, prefix: prefix && `${prefix}/` };
}

/** A key has at most 1,024 bytes (S3 user guide, "Naming Amazon S3 objects"); ours end in under 300. */
const prefixBytesMax = 700;

export function placeText({ bucket, prefix }: ArchivePlace): string {
  return `s3://${bucket}/${prefix}`;
}

export const ownerName = 'owner.json';

/** What the names of all segments begin with. */
export const streamsPrefix = 'streams/';

/** What all objects of a stream begin with. */
export function streamPrefix(stream: string): string {
  return `${streamsPrefix}${stream}/`;
}

/** It follows from what the segment holds, so two that differ never have the same name. */
export function segmentObject(
  stream: string,
  { number, epoch, crc }: Pick<ArchivedSegment, 'number' | 'epoch' | 'crc'>,
): string {
  return `${streamPrefix(stream)}${digits(number)}-${epochText(epoch)}-${hex(crc)}.log`;
}

/** What the name of a segment's object says of it. */
export type NamedSegment = { readonly stream: string; readonly number: number; readonly crc: number };

/** Undefined when it is not the name of a segment's object. */
export function segmentNamed(name: string): NamedSegment | undefined {
  const found = /^streams\/([^/]+)\/(\d{12})-[0-9a-f]{16}-([0-9a-f]{8})\.log$/.exec(name);
  if (found === null) return undefined;
  return { stream: found[1]!, number: Number(found[2]), crc: Number.parseInt(found[3]!, 16) };
}

export const generationsPrefix = 'control/';

export function generationObject(generation: number): string {
  return `${generationsPrefix}${digits(generation)}.json`;
}

/** Undefined when it is not the name of a generation. */
export function generationNamed(name: string): number | undefined {
  const found = /^control\/(\d{12})\.json$/.exec(name);
  return found === null ? undefined : Number(found[1]);
}

export const controlFilesPrefix = 'control/files/';

/** `path` is that of a segment's file below the data directory, of which so many bytes are meant. */
export function controlObject(path: string, epoch: Epoch, bytes: number): string {
  return `${controlFilesPrefix}${path.slice(0, -'.log'.length)}-${epochText(epoch)}-${bytes}.log`;
}

function epochText({ high, low }: Epoch): string {
  return hex(high) + hex(low);
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

function digits(number: number): string {
  return String(number).padStart(12, '0');
}
