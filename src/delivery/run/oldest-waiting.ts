import type { Millis } from '../../env/clock.ts';
import { type Stream, trimHorizon } from '../../kinesis/stream.ts';
import type { DeliverySpec } from '../delivery-spec.ts';
import type { DeliveryWorld } from '../delivery-world.ts';
import { startPositions } from '../source/start-positions.ts';
import type { Positions } from '../state/delivery-state.ts';
import { sourceOf } from './run-parts.ts';

/** What is looked at to find it. */
type Source = {
  readonly world: Pick<DeliveryWorld, 'catalog' | 'clock' | 'journal' | 'log'>;
  readonly spec: Pick<DeliverySpec, 'id' | 'source'>;
};

/**
 * When the oldest record arrived that a delivery has not delivered, whether it has read it or not; undefined
 * when there is none. Reads one record of each shard. Rejects as `Records.read` does.
 */
export async function oldestWaiting({ world, spec }: Source): Promise<Millis | undefined> {
  const { catalog, clock, log } = world;
  const stream = sourceOf({ world: { catalog }, spec });
  if (stream === undefined) return undefined;
  const done = await donePositions({ world, spec }, stream);
  const since = trimHorizon(stream, clock.now());
  let oldest = Number.POSITIVE_INFINITY;
  for (const { index } of done === undefined ? [] : stream.shards) {
    const { next = 0, isFinished } = done?.[index] ?? {};
    if (isFinished === true) continue;
    const key = { stream: stream.id, shard: index };
    const { batches } = await log.read(key, { from: next, since, limit: { records: 1, bytes: 1 } });
    oldest = Math.min(oldest, batches[0]?.arrival ?? oldest);
  }
  return oldest === Number.POSITIVE_INFINITY ? undefined : oldest;
}

/** How far it has come, or where it will begin; undefined for one that is to begin where the shards end. */
async function donePositions({ world, spec }: Source, stream: Stream): Promise<Positions | undefined> {
  const { journal, log, clock } = world;
  const known = journal.state.get('progress', spec.id);
  if (known?.stream === stream.id) return known.done;
  const { start } = spec.source;
  return start.kind === 'LATEST' ? undefined : await startPositions(log, stream, start, clock.now());
}
