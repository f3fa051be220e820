import type { Positions } from '../state/delivery-state.ts';
import type { RunParts } from './run-parts.ts';

/**
 * Has what was put to a delivery stream directly be forgotten once it is delivered: nobody else reads it.
 * What cannot be forgotten now is with the next chunk, or with the next start.
 */
export async function trimDelivered({ world, spec }: RunParts, done: Positions): Promise<void> {
  if (spec.source.arn !== undefined || spec.owner.kind === 'once') return;
  try {
    for (const [shard, { next }] of Object.entries(done))
      await world.trim({ stream: spec.source.streamId, shard: Number(shard) }, next);
  } catch (error) {
    world.logger.warn('what was delivered could not be forgotten yet', { delivery: spec.id, error });
  }
}
