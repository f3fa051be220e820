import type { File } from '../../../env/disk.ts';
import type { WrappedKey } from '../../data-keys.ts';
import type { Encryption } from '../../encryption.ts';
import { DamagedError } from '../../log.ts';
import {
  decodeFrame,
  type FrameEncryption,
  frameHeaderBytes,
  frameKinds,
  isPayload,
} from '../format/frame.ts';
import { decodeKey } from '../format/key.ts';
import type { Segment } from '../segment.ts';
import { ReadAhead } from './read-ahead.ts';

/** Reads the keys of a segment that were not read yet, so that `encryptionIn` has them. */
export async function loadKeys(file: File, segment: Segment): Promise<void> {
  for (const [id, place] of segment.keys) place.key ??= await readKey(file, segment, id, place.position);
}

/**
 * How a frame's records are encrypted, in a segment whose keys were loaded. Throws `DamagedError` when the
 * segment does not have the key.
 */
export function encryptionIn({ keys, path }: Segment, { keyId, tag }: FrameEncryption): Encryption {
  const key = keys.get(keyId)?.key;
  if (key === undefined) throw new DamagedError(`${path}: key ${keyId} is missing.`);
  return { key, tag };
}

async function readKey(file: File, segment: Segment, id: number, position: number): Promise<WrappedKey> {
  const window = new ReadAhead(file, segment.end, stepBytes);
  const header = await window.load(position, frameHeaderBytes);
  const frame = header ? decodeFrame(window.bytes, 0, segment) : undefined;
  if (frame?.kind === frameKinds.key && frame.encryption?.keyId === id) {
    const { payloadBytes, payloadCrc } = frame;
    await window.load(position + frameHeaderBytes, payloadBytes);
    const payload = window.bytes.subarray(0, payloadBytes);
    if (isPayload(payload, payloadBytes, payloadCrc)) return decodeKey(id, payload);
  }
  throw new DamagedError(`${segment.path}: key ${id} at byte ${position} is damaged.`);
}

/** A wrapped key is of some hundred bytes. */
const stepBytes = 1024;
