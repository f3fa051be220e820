import { type FollowedJournal, type Journal, openJournal } from '../../journal/journal.ts';
import { journalIn } from '../../journal/journal-log.ts';
import type { StateMachine } from '../../journal/state-machine.ts';
import type { Engine, ShardKey } from '../../log/log.ts';
import { IdentityDraft } from './apply.ts';
import { type IdentityEdit, isKnown } from './edit.ts';
import { requireRoom } from './room.ts';
import { emptyIdentity, type IdentityState } from './state.ts';

/** Users, groups, roles and policies of all accounts: a state machine replayed from a log. */
export type IdentityJournal = Journal<IdentityState, IdentityEdit>;

/** The same, where followers keep in step with it. */
export type FollowedIdentity = FollowedJournal<IdentityState, IdentityEdit>;

export const identityMachine: StateMachine<IdentityState, IdentityEdit> = {
  name: 'users and policies',
  empty: emptyIdentity,
  draft: (state) => new IdentityDraft(state),
  isKnown,
  requireRoom,
  snapshot: ({ sessionSecret, accounts, accessKeys }) => [
    {
      kind: 'snapshot',
      sessionSecret,
      accounts: [...accounts.values()].map(({ id, users, groups, roles, policies }) => ({
        id,
        users: [...users.values()],
        groups: [...groups.values()],
        roles: [...roles.values()],
        policies: [...policies.values()],
      })),
      accessKeys: [...accessKeys.values()],
    },
  ],
};

/** Where in an engine of its own the journal of users and policies is. */
export const identityKey: ShardKey = { stream: 'identity', shard: 0 };

/** Replays the log of users and policies. */
export function openIdentity(log: Engine, snapshotEveryBytes?: number): Promise<FollowedIdentity> {
  return openJournal(identityMachine, journalIn(log, identityKey), snapshotEveryBytes);
}
