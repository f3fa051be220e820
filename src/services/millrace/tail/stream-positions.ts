import { streamKeyOf } from '../../../catalog/state.ts';
import type { SourceSpec } from '../../../delivery/delivery-spec.ts';
import { startPositions } from '../../../delivery/source/start-positions.ts';
import type { Positions } from '../../../delivery/state/delivery-state.ts';
import type { Millis } from '../../../env/clock.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import { DroppedError } from '../../../log/log.ts';
import { keyRefusal, streamNotFound } from '../../../stream/errors.ts';
import type { MillraceWorld } from '../world.ts';

type PositionsWorld = Pick<MillraceWorld, 'catalog' | 'log' | 'clock'>;

/** A stream with the shards that were opened since. */
export function asNow({ catalog }: Pick<PositionsWorld, 'catalog'>, stream: Stream): Stream {
  return catalog.state.streams.get(streamKeyOf(stream)) ?? stream;
}

/** Where the shards of a stream stand that are there now. Rejects with the error to answer. */
export async function positionsFrom(
  { log }: Pick<PositionsWorld, 'log'>,
  stream: Stream,
  start: SourceSpec['start'],
  now: Millis,
): Promise<Positions> {
  try {
    return await startPositions(log, stream, start, now);
  } catch (error) {
    throw error instanceof DroppedError ? streamNotFound(stream) : keyRefusal(error);
  }
}

/** Where they stood at a time in the past. */
export function positionsAt(world: PositionsWorld, stream: Stream, at: Millis): Promise<Positions> {
  return positionsFrom(world, asNow(world, stream), { kind: 'AT_TIMESTAMP', at }, world.clock.now());
}
