import { type FollowedJournal, type Journal, openJournal } from '../journal/journal.ts';
import { journalIn } from '../journal/journal-log.ts';
import type { StateMachine } from '../journal/state-machine.ts';
import type { Engine, ShardKey } from '../log/log.ts';
import { CatalogDraft } from './apply.ts';
import { type Edit, isKnown } from './edit.ts';
import { requireRoom } from './room.ts';
import { type CatalogState, emptyState } from './state.ts';

/** The control plane: a state machine replayed from a log. */
export type Catalog = Journal<CatalogState, Edit>;

/** A catalog that followers keep in step with. */
export type FollowedCatalog = FollowedJournal<CatalogState, Edit>;

export const catalogMachine: StateMachine<CatalogState, Edit> = {
  name: 'control plane',
  empty: emptyState,
  draft: (state) => new CatalogDraft(state),
  isKnown,
  requireRoom,
  // Channels are edits of their own: in the snapshot's, a server that knows no channels would lose them.
  snapshot: ({ secret, nextStream, streams, channels, accounts }) => [
    { kind: 'snapshot', secret, nextStream, streams: [...streams.values()], accounts: [...accounts] },
    ...[...channels.values()].map((channel) => ({ kind: 'channel-changed', channel }) as const),
  ],
};

/** Where in an engine of its own the catalog's journal is. */
export const catalogKey: ShardKey = { stream: 'catalog', shard: 0 };

/** Replays the control plane's log. */
export function openCatalog(log: Engine, snapshotEveryBytes?: number): Promise<FollowedCatalog> {
  return openJournal(catalogMachine, journalIn(log, catalogKey), snapshotEveryBytes);
}
