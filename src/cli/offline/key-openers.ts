import { KeyCipher, keyIdIn } from '../../access/keys/key-cipher.ts';
import type { RootKey } from '../../access/keys/root-key.ts';
import { openServiceKey } from '../../access/keys/service-keys.ts';
import type { KeysState } from '../../access/keys/state.ts';
import { contextOf } from '../../access/keys/stream-keys.ts';
import type { Random } from '../../env/random.ts';
import type { Stream } from '../../kinesis/stream.ts';
import { DataKey } from '../../log/data-keys.ts';
import { KeyError } from '../../log/log.ts';
import type { KeyOpener } from './frame-opener.ts';

/** What opens everything in a data directory. */
export type Unlocked = { readonly root: RootKey; readonly random: Random };

/** Opens the data keys of a stream, by the keys of the built-in KMS, whatever their status is. */
export function streamKeyOpener(keys: KeysState, { root, random }: Unlocked, stream: Stream): KeyOpener {
  const cipher = new KeyCipher(root, random);
  return (key) => {
    const id = keyIdIn(key.wrapped);
    const found = id === undefined ? undefined : keys.keys.get(id);
    if (found === undefined) return `${key.arn} is not in the journal of keys`;
    try {
      const secret = cipher.decrypt(found, key.wrapped, contextOf(stream));
      if (secret === undefined) return `${key.arn} has not wrapped a data key for this stream`;
      return new DataKey(key, secret);
    } catch (error) {
      if (error instanceof KeyError) return `${key.arn}: ${error.message}`;
      throw error;
    }
  };
}

/** Opens the data keys of a service's log. */
export function serviceKeyOpener(keys: KeysState, { root }: Unlocked, log: string): KeyOpener {
  return (key) => {
    try {
      return openServiceKey(keys, root, key, log);
    } catch (error) {
      if (error instanceof KeyError) return error.message;
      throw error;
    }
  };
}
