import { durationText, timeText } from '../answer-text.ts';
import type { Output } from '../command-world.ts';
import { type Cell, table } from '../table.ts';
import type { OpenShard, StreamSummary } from './described-stream.ts';

/** What there is to know of a stream, and its open shards with their part of the hash keys. */
export function descriptionText(
  summary: StreamSummary,
  shards: readonly OpenShard[],
  out: Pick<Output, 'hasColours'>,
): string {
  const { StreamStatus: status, StreamModeDetails: mode, KeyId: key } = summary;
  const facts: Cell[][] = [
    ['Name', summary.StreamName],
    ['ARN', summary.StreamARN],
    ['State', { text: status, style: status === 'ACTIVE' ? 'green' : 'yellow' }],
    ['Mode', mode?.StreamMode === 'ON_DEMAND' ? 'on demand' : 'provisioned'],
    ['Open shards', String(summary.OpenShardCount)],
    ['Retention', durationText(summary.RetentionPeriodHours * 3_600_000)],
    ['Encryption', key ?? 'none'],
    ['Consumers', String(summary.ConsumerCount ?? 0)],
    ['Made', timeText(summary.StreamCreationTimestamp)],
  ];
  const rows = shards.slice(0, shardsMax).map((shard): Cell[] => {
    const { HashKeyRange: range, ParentShardId: parent, AdjacentParentShardId: adjacent } = shard;
    const parents = [parent, adjacent].flatMap((id) => id ?? []).join(' + ');
    return [shard.ShardId, shareText(range), range.StartingHashKey, parents === '' ? '-' : parents];
  });
  const more =
    shards.length > shardsMax ? `… and ${shards.length - shardsMax} more (--json shows all)\n` : '';
  return `${table([{ head: '' }, { head: '' }], facts, out)}\n${table(columns, rows, out)}${more}`;
}

const columns = [
  { head: 'SHARD' },
  { head: 'OF ALL KEYS', align: 'right' as const },
  { head: 'FROM HASH KEY' },
  { head: 'PARENTS' },
];

const shardsMax = 100;

/** How much of all hash keys, 2^128, a range has. */
function shareText({ StartingHashKey: start, EndingHashKey: end }: OpenShard['HashKeyRange']): string {
  const hundredths = ((BigInt(end) - BigInt(start) + 1n) * 10_000n) / 2n ** 128n;
  return `${(Number(hundredths) / 100).toFixed(2)} %`;
}
