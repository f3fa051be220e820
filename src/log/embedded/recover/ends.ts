import { strict as assert } from 'node:assert';
import { type Disk, readFile } from '../../../env/disk.ts';
import type { EngineParts } from '../engine-parts.ts';
import { checkedText, withChecksum } from '../format/checked-text.ts';
import { formatVersion, requireKnownVersion } from '../format/version.ts';
import { replaceFile } from '../write/new-file.ts';

/**
 * How far a log had come when the server was ended properly: all of the segments up to this one, and of this
 * one all before the byte were durable. It stays true whatever is written later, because a log only grows at
 * its end: so nothing has to take it back.
 */
export type LogEnd = { readonly segment: number; readonly bytes: number };

/** By stream. */
export type LogEnds = ReadonlyMap<string, LogEnd>;

/** The file in a log's directory that says so. No stream's id begins like this. */
export const endsName = '_ends';

/**
 * The file, a text with its checksum: JSON, with the number of the last segment and the end of its frames by
 * stream: `{"version":2,"ends":{"orders":[3,70211],…}}`.
 */
export function encodeEnds(ends: LogEnds): Buffer {
  const entries = [...ends].map(([stream, { segment, bytes }]) => [stream, [segment, bytes]]);
  const file: EndsFile = { version: formatVersion, ends: Object.fromEntries(entries) };
  return withChecksum(JSON.stringify(file));
}

type EndsFile = {
  readonly version: number;
  readonly ends: Readonly<Record<string, readonly [segment: number, bytes: number]>>;
};

/**
 * Undefined when it is not as it was written: then nothing is known. Throws `NewerFormatError` when its
 * version is not known.
 */
export function decodeEnds(bytes: Buffer, path: string): LogEnds | undefined {
  const text = checkedText(bytes);
  if (text === undefined) return undefined;
  const { version = 1, ends } = JSON.parse(text) as Partial<EndsFile>;
  requireKnownVersion(version, path);
  assert(ends !== undefined);
  return new Map(Object.entries(ends).map(([stream, [segment, end]]) => [stream, { segment, bytes: end }]));
}

/**
 * What a directory of logs says, given the names in it; undefined when what it says is damaged. Throws as
 * `decodeEnds`.
 */
export async function readEnds(
  disk: Disk,
  directory: string,
  names: readonly string[],
): Promise<LogEnds | undefined> {
  if (!names.includes(endsName)) return new Map();
  const path = `${directory}/${endsName}`;
  return decodeEnds(await readFile(disk, path), path);
}

/** It is the old one or the new one after a crash, and both are true. Rejects with the system's error. */
export async function writeEnds(engine: EngineParts, ends: LogEnds): Promise<void> {
  await replaceFile(engine, engine.directory, endsName, [encodeEnds(ends)]);
}
