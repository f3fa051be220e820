import { KeyCipher, keyIdIn } from '../src/access/keys/key-cipher.ts';
import { rootKeyOf } from '../src/access/keys/root-key.ts';
import type { KeysState } from '../src/access/keys/state.ts';
import { purposeOf } from '../src/access/keys/state.ts';
import { contextOf } from '../src/access/keys/stream-keys.ts';
import { checkData } from '../src/cli/offline/data-check.ts';
import type { Disk } from '../src/env/disk.ts';
import type { Random } from '../src/env/random.ts';
import type { Stream } from '../src/kinesis/stream.ts';
import { frameKinds } from '../src/log/embedded/format/frame.ts';
import { decodeKey } from '../src/log/embedded/format/key.ts';
import { verifyLog } from '../src/log/embedded/verify/verify.ts';

/** What a directory of encrypted streams must not show, and what must be different each time. */
export type KeyMaterial = {
  /** The root key, the material of the KMS's keys, and all data keys that are there wrapped. */
  readonly secrets: Buffer[];
  /** By wrapped data key, what it was used with. */
  readonly nonces: Map<string, string[]>;
};

/** All keys of a data directory in clear, by the root key that is kept elsewhere. */
export async function keysOn(disk: Disk, rootKey: Buffer, random: Random): Promise<KeyMaterial> {
  const root = rootKeyOf([rootKey], random);
  const cipher = new KeyCipher(root, random);
  const { keys, streams } = await checkData(disk);
  const material: KeyMaterial = { secrets: [rootKey], nonces: new Map() };
  for (const { id, versions } of keys.state.keys.values())
    for (const { number, wrapped } of versions)
      material.secrets.push(root.unwrap(wrapped, purposeOf(id, number)));
  for (const { stream } of streams)
    if (stream !== undefined) await addStream(material, disk, stream, { cipher, state: keys.state });
  return material;
}

async function addStream(
  { secrets, nonces }: KeyMaterial,
  disk: Disk,
  stream: Stream,
  { cipher, state }: { readonly cipher: KeyCipher; readonly state: KeysState },
): Promise<void> {
  const wrappings = new Map<number, string>();
  await verifyLog(disk, 'streams', stream.id, {
    onFrame({ frame, payload }) {
      if (frame.encryption === undefined) return;
      const { keyId } = frame.encryption;
      if (frame.kind === frameKinds.key) {
        const { wrapped } = decodeKey(keyId, payload);
        wrappings.set(keyId, wrapped.toString('hex'));
        const key = state.keys.get(keyIdIn(wrapped)!)!;
        secrets.push(cipher.decrypt(key, wrapped, contextOf(stream))!);
        return;
      }
      const wrapped = wrappings.get(keyId)!;
      const used = nonces.get(wrapped) ?? [];
      nonces.set(wrapped, used);
      for (let at = 0; at < payload.length; at += payload.readUInt32BE(at))
        used.push(payload.toString('hex', at + 4, at + 16));
    },
  });
}

/** A key as it is, in hex and in base64. */
export function formsOf(secret: Buffer): Buffer[] {
  return [secret, Buffer.from(secret.toString('hex')), Buffer.from(secret.toString('base64').slice(0, -1))];
}
