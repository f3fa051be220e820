import { type FollowedJournal, type Journal, openJournal } from '../../journal/journal.ts';
import { journalIn } from '../../journal/journal-log.ts';
import type { StateMachine } from '../../journal/state-machine.ts';
import type { Engine, ShardKey } from '../../log/log.ts';
import { KeysDraft } from './apply.ts';
import { isKnown, type KeyEdit } from './edit.ts';
import { requireRoom } from './room.ts';
import { type RootKey, rewrapped } from './root-key.ts';
import { emptyKeys, type KeysState, purposeOf, servicesKeyPurpose } from './state.ts';

/** The keys of the built-in KMS: a state machine replayed from a log. */
export type Keys = Journal<KeysState, KeyEdit>;

/** The same with followers, which keep in step with it. */
export type FollowedKeys = FollowedJournal<KeysState, KeyEdit>;

export const keysMachine: StateMachine<KeysState, KeyEdit> = {
  name: 'keys',
  empty: emptyKeys,
  draft: (state) => new KeysDraft(state),
  isKnown,
  requireRoom,
  snapshot: ({ keys, aliases, servicesKey }) => [
    { kind: 'snapshot', keys: [...keys.values()], aliases: [...aliases.values()] },
    ...(servicesKey === undefined ? [] : [servicesKeyWrapped(servicesKey)]),
  ],
};

/** Where in an engine of its own the journal is. */
export const keysKey: ShardKey = { stream: 'keys', shard: 0 };

/** Replays the log of the keys. */
export function openKeys(log: Engine, snapshotEveryBytes?: number): Promise<FollowedKeys> {
  return openJournal(keysMachine, journalIn(log, keysKey), snapshotEveryBytes);
}

/**
 * What a start commits, so that everything is wrapped with the first of the root keys; nothing when it is
 * already. Ciphertexts stay as they are. Throws a `KeyError` when a root key is missing.
 */
export function rewrapKeys(state: KeysState, root: RootKey): KeyEdit[] {
  const stale = [...state.keys.values()].filter(({ versions }) =>
    versions.some(({ wrapped }) => !root.isCurrent(wrapped)),
  );
  const edits = stale.map(
    ({ id, versions }): KeyEdit => ({
      kind: 'key-rewrapped',
      id,
      wrapped: versions.map(({ number, wrapped }) => rewrapped(root, wrapped, purposeOf(id, number))),
    }),
  );
  const { servicesKey } = state;
  if (servicesKey === undefined || root.isCurrent(servicesKey)) return edits;
  return [...edits, servicesKeyWrapped(rewrapped(root, servicesKey, servicesKeyPurpose))];
}

function servicesKeyWrapped(wrapped: string): KeyEdit {
  return { kind: 'services-key-wrapped', wrapped };
}
