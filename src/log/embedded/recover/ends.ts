import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import { type Disk, readFile } from '../../../env/disk.ts';
import type { EngineParts } from '../engine-parts.ts';
import { formatVersion, requireKnownVersion } from '../format/version.ts';
import { createFile, unfinished } from '../write/new-file.ts';

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
 * The file: 8 hexadecimal digits, the CRC-32 of what follows the line's end; then JSON, with the number of
 * the last segment and the end of its frames by stream: `{"version":2,"ends":{"orders":[3,70211],…}}`.
 */
export function encodeEnds(ends: LogEnds): Buffer {
  const entries = [...ends].map(([stream, { segment, bytes }]) => [stream, [segment, bytes]]);
  const file: EndsFile = { version: formatVersion, ends: Object.fromEntries(entries) };
  const text = Buffer.from(JSON.stringify(file));
  return Buffer.concat([Buffer.from(headOf(text)), text]);
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
  const text = bytes.subarray(crcDigits + 1);
  if (bytes.toString('latin1', 0, crcDigits + 1) !== headOf(text)) return undefined;
  const { version = 1, ends } = JSON.parse(String(text)) as Partial<EndsFile>;
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
  const { disk } = engine.env;
  const path = `${engine.directory}/${endsName}`;
  await engine.requireOwnership();
  const file = await createFile(engine, path, [encodeEnds(ends)]);
  await file.close();
  await disk.rename(path + unfinished, path);
  await engine.makeDurable(engine.directory, () => disk.syncDirectory(engine.directory));
}

function headOf(text: Buffer): string {
  return `${crc32(text).toString(16).padStart(crcDigits, '0')}\n`;
}

const crcDigits = 8;
