import type { Millis } from '../../../env/clock.ts';
import { isExpired, type Shard, type Stream, trimHorizon } from '../../../kinesis/stream.ts';
import type { Records } from '../../../log/log.ts';
import { type Cursor, cursorKeyOf, type LambdaEdit, type MappingRecord } from '../state/lambda-state.ts';

type Begun = Pick<MappingRecord, 'uuid' | 'start' | 'parallelization'>;

/**
 * The cursors that are committed together with a mapping: of one that begins at LATEST, those of all shards,
 * at their ends; closed ones are finished. Nothing that is put after they are durable is missed, also when
 * the stream is resharded meanwhile: a shard without a cursor is one that came later. Other mappings begin
 * where the poller finds it. Rejects as `Records.position` does.
 */
export async function startCursors(
  records: Pick<Records, 'position'>,
  stream: Stream,
  mapping: Begun,
): Promise<LambdaEdit[]> {
  if (mapping.start.kind !== 'LATEST') return [];
  return await Promise.all(
    stream.shards.map(async (shard): Promise<LambdaEdit> => {
      const key = cursorKeyOf(mapping.uuid, stream.id, shard.index);
      const { end } = shard.closed ?? (await records.position({ stream: stream.id, shard: shard.index }));
      const marks = new Array<number>(mapping.parallelization).fill(end);
      const isFinished = shard.closed === undefined ? undefined : true;
      return { kind: 'said', of: 'cursor', key, value: { marks, isFinished } };
    }),
  );
}

/**
 * Where a mapping begins in a shard that it has no cursor in. At LATEST that is the beginning: the shard is a
 * child of those that the mapping began with, or its stream was made anew, so all of its records were put
 * after the mapping was made. A closed shard of which nothing is wanted is finished. Rejects as
 * `Records.seek` does.
 */
export async function startCursor(
  records: Pick<Records, 'seek'>,
  stream: Stream,
  shard: Shard,
  { start, parallelization }: Pick<Begun, 'start' | 'parallelization'>,
  now: Millis,
): Promise<Cursor> {
  const horizon = trimHorizon(stream, now);
  const since = start.kind === 'AT_TIMESTAMP' ? Math.max(start.at, horizon) : horizon;
  const isGone = isExpired(shard, horizon);
  const first = isGone
    ? shard.closed!.end
    : await records.seek({ stream: stream.id, shard: shard.index }, since);
  const marks = new Array<number>(parallelization).fill(first);
  return { marks, isFinished: shard.closed !== undefined && first >= shard.closed.end ? true : undefined };
}
