import { formatStreamArn } from '../../../kinesis/arn.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { StreamSight } from '../sights.ts';
import type { FoundReaders } from '../sights-world.ts';
import type { Counted } from './counted.ts';
import { viewCounts } from './counts-view.ts';
import { furthestBehind, timeToLoss } from './seen-reader.ts';
import { readersOf } from './stream-readers.ts';

/** A stream's sight, with times in milliseconds, as shapes have them. */
export function viewStream(stream: Stream, counted: Counted, found: FoundReaders): StreamSight {
  const readers = readersOf(stream, counted, found);
  const last = furthestBehind(readers);
  const open = stream.shards.filter(({ closed }) => closed === undefined).length;
  return {
    Name: stream.name,
    Arn: formatStreamArn(stream),
    Status: stream.status,
    Mode: stream.mode,
    OpenShards: open,
    ClosedShards: stream.shards.length - open,
    RetentionHours: stream.retentionHours,
    CreatedAt: stream.createdAt,
    ...(stream.encryptionKey !== null && { KeyId: stream.encryptionKey }),
    Tags: tagsOf(stream),
    Consumers: stream.consumers.length,
    Readers: readers.length,
    ...(last?.lagMs !== undefined && {
      LagMillis: last.lagMs,
      LaggingReader: last.name,
      TimeToLossMillis: timeToLoss(stream.retentionHours, last.lagMs),
    }),
    Counts: viewCounts(counted.streams.get(stream.id)?.sum),
  };
}

/** A tag's key may be any text, `__proto__` as well. */
function tagsOf({ tags }: Stream): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}
