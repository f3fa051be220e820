import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import type { Millis } from '../../../env/clock.ts';
import type { Offset } from '../../../kinesis/record.ts';
import { DamagedError } from '../../log.ts';
import { type Epoch, isEpoch, writeEpoch } from './epoch.ts';
import { getU64, readU32, readU64, setU64 } from './u64.ts';
import { formatVersion, requireKnownVersion } from './version.ts';

/**
 * A frame is a header and a payload. Where the header's fields begin, with their types; numbers are
 * big-endian. What is between `tag` and `payloadCrc` is reserved, 0.
 */
const field = {
  magic: 0, // u32, "MLRF"
  version: 4, // u8
  kind: 5, // u8, one of `frameKinds`
  headerBytes: 6, // u16, the length of the header
  payloadBytes: 8, // u32
  count: 12, // u32: of records; of shards in a checkpoint or footer
  shard: 16, // u32; 0 where the frame is of no one shard
  chain: 20, // u32: the header CRC of the frame before, of the segment's header for the first
  first: 24, // u64: offset of the first record; for a seal the shard's final end
  arrival: 32, // u64, milliseconds since the epoch of Unix
  epoch: 40, // u64: the segment's
  sequence: 48, // u64: of the frame in its stream
  watermark: 56, // u64: a position; all before it was durable when this frame was written
  keyId: 64, // u32: of the key that the payload is encrypted with, or that a key frame holds; 0 for none
  tag: 68, // 16 bytes: what ties an encrypted payload to its offsets (encryption.ts); 0 without a key
  payloadCrc: 88, // u32, of what is stored
  crc: 92, // u32, of all before it
} as const;

export const frameHeaderBytes = field.crc + 4;
/** Where in a header the segment's epoch is. */
export const epochAt = field.epoch;

export type Frame = FrameContent & {
  readonly sequence: number;
  readonly chain: number;
  readonly watermark: number;
  readonly payloadBytes: number;
  readonly payloadCrc: number;
  readonly crc: number;
};

/** What a frame says, without where it stands. */
export type FrameContent = {
  readonly kind: FrameKind;
  readonly shard: number;
  readonly count: number;
  readonly first: Offset;
  readonly arrival: Millis;
  /** Of records that are encrypted, and of a key. */
  readonly encryption?: FrameEncryption | undefined;
};

/** With which key a payload is encrypted, and what ties it to its offsets. */
export type FrameEncryption = { readonly keyId: number; readonly tag: Buffer };

/** Where in its segment a frame stands. */
type RoundPlace = { readonly sequence: number; readonly chain: number; readonly watermark: number };

/** Where a frame stands, which ties it to its place. */
export type FramePlace = RoundPlace & { readonly epoch: Epoch };

export const frameKinds = { records: 1, seal: 2, checkpoint: 3, footer: 4, key: 5 } as const;
type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

export const frameMagic = 0x4d4c5246;

/** What a header says of the payload. */
type PayloadFacts = { readonly payloadBytes: number; readonly payloadCrc: number };

/** The header of a frame with this content and payload at this place. */
export function encodeFrame(content: FrameContent, payload: Buffer, place: FramePlace): Buffer {
  const header = Buffer.alloc(frameHeaderBytes);
  const facts = { payloadBytes: payload.length, payloadCrc: crc32(payload) };
  new HeaderWriter(place.epoch).write(header, 0, content, facts, place);
  return header;
}

/** Writes the headers of one segment's frames: what they have in common is laid out once. */
export class HeaderWriter {
  readonly #bytes = Buffer.alloc(frameHeaderBytes);
  readonly #covered = this.#bytes.subarray(0, field.crc);
  /** Much faster than a Buffer's methods. */
  readonly #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, frameHeaderBytes);

  constructor(epoch: Epoch) {
    this.#view.setUint32(field.magic, frameMagic);
    this.#view.setUint8(field.version, formatVersion);
    this.#view.setUint16(field.headerBytes, frameHeaderBytes);
    writeEpoch(this.#bytes, epoch, field.epoch);
  }

  /** Writes a header into a buffer, from `at` on, and answers its CRC. */
  write(into: Buffer, at: number, content: FrameContent, payload: PayloadFacts, place: RoundPlace): number {
    const view = this.#view;
    view.setUint8(field.kind, content.kind);
    view.setUint32(field.payloadBytes, payload.payloadBytes);
    view.setUint32(field.count, content.count);
    view.setUint32(field.shard, content.shard);
    view.setUint32(field.chain, place.chain);
    setU64(view, field.first, content.first);
    setU64(view, field.arrival, content.arrival);
    setU64(view, field.sequence, place.sequence);
    setU64(view, field.watermark, place.watermark);
    view.setUint32(field.payloadCrc, payload.payloadCrc);
    if (content.encryption !== undefined) this.#writeEncryption(content.encryption);
    const crc = crc32(this.#covered);
    view.setUint32(field.crc, crc);
    into.set(this.#bytes, at);
    if (content.encryption !== undefined) this.#writeEncryption(noEncryption);
    return crc;
  }

  #writeEncryption({ keyId, tag }: FrameEncryption): void {
    assert(tag.length === tagBytes);
    this.#view.setUint32(field.keyId, keyId);
    this.#bytes.set(tag, field.tag);
  }
}

/** True when a header at `at` says this, for a check before it leaves for the disk. */
export function readsBack(
  view: DataView,
  at: number,
  content: FrameContent,
  payloadBytes: number,
  place: FramePlace,
): boolean {
  return (
    view.getUint32(at + field.magic) === frameMagic &&
    view.getUint8(at + field.kind) === content.kind &&
    view.getUint32(at + field.payloadBytes) === payloadBytes &&
    view.getUint32(at + field.count) === content.count &&
    view.getUint32(at + field.shard) === content.shard &&
    view.getUint32(at + field.chain) === place.chain &&
    getU64(view, at + field.first) === content.first &&
    getU64(view, at + field.arrival) === content.arrival &&
    view.getUint32(at + field.epoch) === place.epoch.high &&
    view.getUint32(at + field.epoch + 4) === place.epoch.low &&
    getU64(view, at + field.sequence) === place.sequence &&
    getU64(view, at + field.watermark) === place.watermark &&
    view.getUint32(at + field.keyId) === (content.encryption?.keyId ?? 0)
  );
}

/** Where frames are read: which epoch they must be of, and which file an error names. */
export type FrameSource = { readonly epoch: Epoch; readonly path: string };

/**
 * The frame whose header begins at `at`; undefined when there is none, whole and of this epoch. Throws as
 * `isFrame`.
 */
export function decodeFrame(bytes: Buffer, at: number, source: FrameSource): Frame | undefined {
  if (!isFrame(bytes, at, source)) return undefined;
  const frame = {
    kind: kindAt(bytes, at),
    payloadBytes: payloadBytesAt(bytes, at),
    count: countAt(bytes, at),
    shard: shardAt(bytes, at),
    chain: readU32(bytes, at + field.chain),
    first: firstAt(bytes, at),
    arrival: arrivalAt(bytes, at),
    sequence: readU64(bytes, at + field.sequence),
    watermark: readU64(bytes, at + field.watermark),
    payloadCrc: payloadCrcAt(bytes, at),
    crc: readU32(bytes, at + field.crc),
  };
  const encryption = encryptionAt(bytes, at);
  return encryption === undefined ? frame : { ...frame, encryption };
}

/**
 * True when a header begins at `at`, whole and of this epoch. Then its fields can be read where they are.
 * Throws `NewerFormatError` when it is whole, and of a version that is not known, and `DamagedError` when
 * nothing of ours can have written it.
 */
export function isFrame(bytes: Buffer, at: number, { epoch, path }: FrameSource): boolean {
  if (!looksLikeFrame(bytes, at, epoch)) return false;
  if (crc32(bytes.subarray(at, at + field.crc)) !== readU32(bytes, at + field.crc)) return false;
  requireKnownVersion(bytes[at + field.version]!, path);
  if (bytes.readUInt16BE(at + field.headerBytes) === frameHeaderBytes && isFrameKind(kindAt(bytes, at)))
    return true;
  throw new DamagedError(`${path}: the header of a frame is damaged, and was not written so.`);
}

/** True when bytes are what a header says of its payload. */
export function isPayload(payload: Buffer, payloadBytes: number, payloadCrc: number): boolean {
  return payload.length === payloadBytes && crc32(payload) === payloadCrc;
}

/** A cheap test for what is only stepped over. */
export function looksLikeFrame(bytes: Buffer, at: number, epoch: Epoch): boolean {
  return (
    at + frameHeaderBytes <= bytes.length &&
    readU32(bytes, at + field.magic) === frameMagic &&
    isEpoch(bytes, epoch, at + field.epoch)
  );
}

/** The length of the frame that looks like one at `at`. */
export function lengthAt(bytes: Buffer, at: number): number {
  return frameHeaderBytes + payloadBytesAt(bytes, at);
}

// The fields of the header that begins at `at`, read where they lie.

export function kindAt(bytes: Buffer, at: number): FrameKind {
  return bytes[at + field.kind] as FrameKind;
}

export function payloadBytesAt(bytes: Buffer, at: number): number {
  return readU32(bytes, at + field.payloadBytes);
}

export function countAt(bytes: Buffer, at: number): number {
  return readU32(bytes, at + field.count);
}

export function shardAt(bytes: Buffer, at: number): number {
  return readU32(bytes, at + field.shard);
}

export function firstAt(bytes: Buffer, at: number): Offset {
  return readU64(bytes, at + field.first);
}

export function arrivalAt(bytes: Buffer, at: number): Millis {
  return readU64(bytes, at + field.arrival);
}

export function payloadCrcAt(bytes: Buffer, at: number): number {
  return readU32(bytes, at + field.payloadCrc);
}

/** Undefined when the payload is not encrypted. The tag is a copy. */
export function encryptionAt(bytes: Buffer, at: number): FrameEncryption | undefined {
  const keyId = readU32(bytes, at + field.keyId);
  if (keyId === 0) return undefined;
  return { keyId, tag: Buffer.from(bytes.subarray(at + field.tag, at + field.tag + tagBytes)) };
}

/** The offset after a frame's last record. */
export function nextOf(frame: FrameContent): Offset {
  return frame.first + frame.count;
}

function isFrameKind(kind: number): boolean {
  return kind >= frameKinds.records && kind <= frameKinds.key;
}

const tagBytes = 16;
/** A header's fields of a frame whose payload is not encrypted. */
export const noEncryption: FrameEncryption = { keyId: 0, tag: Buffer.alloc(tagBytes) };
