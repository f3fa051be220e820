import { findShard, type Stream } from '../../kinesis/stream.ts';
import { isDamaged, type LogCheck } from '../../log/embedded/verify/verify.ts';
import type { Finding } from '../../log/embedded/verify/verify-finding.ts';

/** Where a sound log contradicts what the catalog says about its stream. */
export function crossCheck(stream: Stream, log: LogCheck): Finding[] {
  if (isDamaged(log) || stream.status === 'DELETING') return [];
  return [...closedShards(stream, log), ...loggedShards(stream, log)].map((message) => ({
    kind: 'damage',
    path: `streams/${stream.id}`,
    position: 0,
    message,
  }));
}

/** A closed shard has all records that it had when it was closed. */
function closedShards(stream: Stream, log: LogCheck): string[] {
  return stream.shards.flatMap(({ index, closed }) => {
    const next = log.states.get(index)?.next ?? 0;
    if (closed === undefined || closed.end === next) return [];
    return [
      `shard ${index} was closed after record ${closed.end - 1}, and its log ends with record ${next - 1}.`,
    ];
  });
}

/** A sealed shard is closed, or about to be. */
function loggedShards(stream: Stream, log: LogCheck): string[] {
  return [...log.states.values()].flatMap(({ shard, sealed }) => {
    if (shard >= stream.nextShard) return [`there is a shard ${shard}, which the catalog does not know.`];
    const isOpen = findShard(stream, shard)?.closed === undefined && findShard(stream, shard) !== undefined;
    return sealed && isOpen && stream.change === undefined
      ? [`shard ${shard} is sealed, and the catalog says that it is open.`]
      : [];
  });
}
