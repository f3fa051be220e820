import type { Millis } from '../../../env/clock.ts';
import { formatConsumerArn } from '../../../kinesis/arn.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { ReaderCounts } from '../../../stream/meter/counts.ts';
import type { FoundReaders } from '../sights-world.ts';
import type { Counted } from './counted.ts';
import { type SeenReader, worstLag } from './seen-reader.ts';

/**
 * All that read a stream: its registered consumers, whether or not they subscribe now, who polls it, and what
 * a survey has found.
 */
export function readersOf(stream: Stream, counted: Counted, found: FoundReaders): SeenReader[] {
  const counts = counted.streams.get(stream.id)?.readers ?? none;
  return [
    ...consumersOf(stream, counts, counted.at),
    ...pollersOf(counts, counted.at),
    ...(found.byStream.get(stream.name) ?? none),
  ];
}

const none: readonly never[] = [];

function consumersOf(stream: Stream, counts: readonly ReaderCounts[], now: Millis): SeenReader[] {
  if (stream.consumers.length === 0) return [];
  const byName = Map.groupBy(
    counts.filter(({ kind }) => kind === 'fan-out'),
    ({ name }) => name,
  );
  return stream.consumers.map((consumer) => {
    const { name, status } = consumer;
    const rows = byName.get(name) ?? [];
    const seen = readBy(rows, now);
    const state = status === 'ACTIVE' ? stateOf(rows, now) : status;
    return { kind: 'fan-out', name, id: formatConsumerArn(stream, consumer), ...seen, state };
  });
}

function pollersOf(counts: readonly ReaderCounts[], now: Millis): SeenReader[] {
  const byName = Map.groupBy(
    counts.filter(({ kind }) => kind === 'polling'),
    ({ name }) => name,
  );
  return Array.from(byName, ([name, rows]) => ({
    ...{ kind: 'polling' as const, name, ...readBy(rows, now) },
    state: stateOf(rows, now),
  }));
}

/** Of one that has not read for a while it is not known how far it is: it may have been a look. */
function readBy(
  rows: readonly ReaderCounts[],
  now: Millis,
): Pick<SeenReader, 'lagMs' | 'records' | 'bytes' | 'shards'> {
  const shards = rows
    .toSorted((one, other) => one.shard - other.shard)
    .map((row) => ({
      shardId: formatShardId(row.shard),
      lagMs: isReading(row, now) ? Math.max(0, row.ageMs) : undefined,
    }));
  return {
    lagMs: worstLag(shards),
    records: rows.reduce((sum, { records }) => sum + records, 0),
    bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
    shards,
  };
}

function stateOf(rows: readonly ReaderCounts[], now: Millis): 'reading' | 'idle' {
  return rows.some((row) => isReading(row, now)) ? 'reading' : 'idle';
}

function isReading({ at }: ReaderCounts, now: Millis): boolean {
  return now - at < idleMs;
}

/** Subscriptions get an event each few seconds, and pollers read at least once a minute. */
export const idleMs: Millis = 60_000;
