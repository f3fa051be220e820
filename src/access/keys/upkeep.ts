import type { Clock, Millis } from '../../env/clock.ts';
import { forEach, type Tick } from '../../stream/background.ts';
import type { KeyEdit } from './edit.ts';
import type { KeyCipher } from './key-cipher.ts';
import type { Keys } from './keys.ts';
import { dayMs } from './new-key.ts';
import type { KmsKey } from './state.ts';

/** Deletes keys whose time has come, and gives keys that are rotated their new material. For the owner. */
export function keysTick({ keys, cipher, clock }: UpkeepWorld): Tick {
  return async () => {
    const due = [...keys.state.keys.values()].filter((key) => dueAt(key) <= clock.now());
    await forEach(due, ({ id }) =>
      keys.commit((state) => {
        const key = state.keys.get(id);
        // Meanwhile it may have been changed.
        return key !== undefined && dueAt(key) <= clock.now() ? work(key, cipher, clock.now()) : [];
      }),
    );
    const next = Math.min(...[...keys.state.keys.values()].map(dueAt));
    return Number.isFinite(next) ? Math.max(0, next - clock.now()) : undefined;
  };
}

type UpkeepWorld = { readonly keys: Keys; readonly cipher: KeyCipher; readonly clock: Clock };

/** When there is something to do about a key. What is disabled is not rotated until it is enabled again. */
function dueAt({ status, deletionAt, rotation }: KmsKey): Millis {
  if (deletionAt !== null) return deletionAt;
  return status === 'Enabled' && rotation !== null ? rotation.nextAt : Number.POSITIVE_INFINITY;
}

function work(key: KmsKey, cipher: KeyCipher, now: Millis): KeyEdit[] {
  const { id, versions, rotation } = key;
  if (rotation === null || key.deletionAt !== null) return [{ kind: 'key-deleted', id }];
  const { periodDays } = rotation;
  return [
    { kind: 'key-rotated', id, version: cipher.newVersion(id, versions.length + 1, now, 'automatic') },
    { kind: 'key-changed', id, settings: { rotation: { periodDays, nextAt: now + periodDays * dayMs } } },
  ];
}
