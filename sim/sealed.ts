import { KeyCipher, keyIdIn } from '../src/access/keys/key-cipher.ts';
import { rootKeyOf } from '../src/access/keys/root-key.ts';
import { purposeOf, servicesKeyPurpose } from '../src/access/keys/state.ts';
import { contextOf } from '../src/access/keys/stream-keys.ts';
import { checkData } from '../src/cli/offline/data-check.ts';
import type { Disk } from '../src/env/disk.ts';
import type { Random } from '../src/env/random.ts';
import { frameKinds } from '../src/log/embedded/format/frame.ts';
import { decodeKey } from '../src/log/embedded/format/key.ts';
import { verifyLog } from '../src/log/embedded/verify/verify.ts';
import { servicesDirectory } from '../src/server/storage.ts';

/** What a directory must not show whose streams are all encrypted, and what must be different each time. */
export type KeyMaterial = {
  /**
   * The root key, the material of the KMS's keys, the key of the services, and all data keys that are there
   * wrapped.
   */
  readonly secrets: Buffer[];
  /** By wrapped data key, what it was used with. */
  readonly nonces: Map<string, string[]>;
};

/** All keys of a data directory in clear, by the root key that is kept elsewhere. */
export async function keysOn(disk: Disk, rootKey: Buffer, random: Random): Promise<KeyMaterial> {
  const root = rootKeyOf([rootKey], random);
  const cipher = new KeyCipher(root, random);
  const { keys, tables, others, streams } = await checkData(disk);
  const material: KeyMaterial = { secrets: [rootKey], nonces: new Map() };
  for (const { id, versions } of keys.state.keys.values())
    for (const { number, wrapped } of versions)
      material.secrets.push(root.unwrap(wrapped, purposeOf(id, number)));
  for (const { stream } of streams) {
    if (stream === undefined) continue;
    await addLog(material, disk, `streams/${stream.id}`, (wrapped) => {
      const key = keys.state.keys.get(keyIdIn(wrapped)!)!;
      return cipher.decrypt(key, wrapped, contextOf(stream))!;
    });
  }
  const { servicesKey } = keys.state;
  if (servicesKey === undefined) return material;
  const secret = root.unwrap(servicesKey, servicesKeyPurpose);
  material.secrets.push(secret);
  for (const { log } of [tables, ...others]) {
    const unwrapped = (wrapped: Buffer) =>
      rootKeyOf([secret], random).unwrap(String(wrapped), `services/${log.stream}`);
    await addLog(material, disk, `${servicesDirectory}/${log.stream}`, unwrapped);
  }
  return material;
}

/** Adds what a log's frames are encrypted with. */
async function addLog(
  { secrets, nonces }: KeyMaterial,
  disk: Disk,
  path: string,
  unwrapped: (wrapped: Buffer) => Buffer,
): Promise<void> {
  const wrappings = new Map<number, string>();
  const [parent, name] = path.split('/') as [string, string];
  await verifyLog(disk, parent, name, {
    onFrame({ frame, payload }) {
      if (frame.encryption === undefined) return;
      const { keyId } = frame.encryption;
      if (frame.kind === frameKinds.key) {
        const { wrapped } = decodeKey(keyId, payload);
        wrappings.set(keyId, wrapped.toString('hex'));
        secrets.push(unwrapped(wrapped));
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
