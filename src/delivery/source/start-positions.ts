import type { Millis } from '../../env/clock.ts';
import { isExpired, type Stream, trimHorizon } from '../../kinesis/stream.ts';
import type { Records } from '../../log/log.ts';
import type { SourceSpec } from '../delivery-spec.ts';
import type { Positions, ShardPosition } from '../state/delivery-state.ts';

/**
 * Where a delivery begins that is made now. At LATEST where the shards end in this moment: what is put
 * afterwards is delivered. A shard that is not named is read from its beginning. Rejects as `Records.seek`
 * does.
 */
export async function startPositions(
  records: Pick<Records, 'seek' | 'position'>,
  stream: Stream,
  start: SourceSpec['start'],
  now: Millis,
): Promise<Positions> {
  const horizon = trimHorizon(stream, now);
  const positions = await Promise.all(
    stream.shards.map(async (shard): Promise<[string, ShardPosition]> => {
      const key = { stream: stream.id, shard: shard.index };
      const { closed } = shard;
      const seek = async (at: Millis) =>
        isExpired(shard, horizon) ? closed!.end : await records.seek(key, Math.max(at, horizon));
      const next =
        start.kind === 'LATEST'
          ? (closed ?? (await records.position(key))).end
          : await seek(start.kind === 'AT_TIMESTAMP' ? start.at : horizon);
      const isFinished = closed !== undefined && next >= closed.end ? true : undefined;
      return [String(shard.index), { next, isFinished }];
    }),
  );
  return Object.fromEntries(positions);
}

/** Where the shards of a stream end now. Rejects as `Records.position` does. */
export async function endPositions(records: Pick<Records, 'position'>, stream: Stream): Promise<Positions> {
  const ends = await Promise.all(
    stream.shards.map(async ({ index, closed }): Promise<[string, ShardPosition]> => {
      const { end } = closed ?? (await records.position({ stream: stream.id, shard: index }));
      return [String(index), { next: end }];
    }),
  );
  return Object.fromEntries(ends);
}
