import type { File } from '../../../env/disk.ts';
import type { WrappedKey } from '../../data-keys.ts';
import type { Encryption } from '../../encryption.ts';
import { DamagedError } from '../../log.ts';
import { decoded } from '../format/decoded.ts';
import { type FrameEncryption, frameHeaderBytes, frameKinds } from '../format/frame.ts';
import { decodeKey } from '../format/key.ts';
import type { Segment } from '../segment.ts';
import { frameAt } from './frame-search.ts';
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
  const window = new ReadAhead(file, segment.end, frameHeaderBytes);
  const found = await frameAt(window, position, segment);
  if (
    found?.payload === undefined ||
    found.frame.kind !== frameKinds.key ||
    found.frame.encryption?.keyId !== id
  ) {
    throw new DamagedError(`${segment.path}: key ${id} at byte ${position} is damaged.`);
  }
  const { payload } = found;
  return decoded(segment.path, `key ${id}`, () => decodeKey(id, payload));
}
