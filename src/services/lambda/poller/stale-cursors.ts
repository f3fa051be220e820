import type { CatalogState } from '../../../catalog/state.ts';
import type { Logger } from '../../../env/logger.ts';
import { findShard } from '../../../kinesis/stream.ts';
import type { LambdaEdit, LambdaJournal, LambdaState } from '../state/lambda-state.ts';

/**
 * Forgets the cursors in shards that have expired and in streams that were deleted. What the catalog has not
 * heard of yet, where another gateway may have, stays.
 */
export async function forgetStaleCursors(
  journal: LambdaJournal,
  catalog: CatalogState,
  logger: Logger,
): Promise<void> {
  if (staleIn(journal.state, catalog).length === 0) return;
  let forgotten: readonly StaleCursor[] = [];
  await journal.commit((state) => {
    forgotten = staleIn(state, catalog);
    return forgotten.map(({ key }): LambdaEdit => ({ kind: 'forgotten', of: 'cursor', key }));
  });
  for (const { key, isMissed } of forgotten) {
    const [mapping, stream, shard] = key.split('/');
    if (isMissed)
      logger.warn('a shard has expired before a mapping had processed all of it', { mapping, stream, shard });
  }
}

/** `isMissed` where a shard of a stream that is there yet was not finished. */
type StaleCursor = { readonly key: string; readonly isMissed: boolean };

function staleIn(state: LambdaState, { streams, nextStream }: CatalogState): readonly StaleCursor[] {
  const byId = new Map([...streams.values()].map((stream) => [stream.id, stream]));
  const stale: StaleCursor[] = [];
  for (const [key, { isFinished = false }] of state.entries('cursor')) {
    const [, id, index] = key.split('/');
    const stream = byId.get(id!);
    const isKnown = stream === undefined ? Number(id) < nextStream : Number(index) < stream.nextShard;
    const isThere = stream !== undefined && findShard(stream, Number(index)) !== undefined;
    if (isKnown && !isThere) stale.push({ key, isMissed: stream !== undefined && !isFinished });
  }
  return stale;
}
