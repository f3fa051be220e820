import { durationText } from '../answer-text.ts';
import { bytesText, rateText } from '../quantity-text.ts';
import type { RatedStream } from '../sights.ts';
import type { Cell, Column } from '../table.ts';

const right = (head: string): Column => ({ head, align: 'right' });

/** What lists of streams show of each. */
export const streamColumns: readonly Column[] = [
  ...['NAME', 'STATE', 'MODE'].map((head) => ({ head })),
  ...['SHARDS', 'IN/S', 'IN', 'OUT/S', 'OUT', 'RETENTION', 'READERS', 'LAG'].map(right),
];

/** A dash stands for what is not known. */
export function streamRow(
  stream: Pick<RatedStream, 'Name' | 'Status' | 'Mode'> & Partial<RatedStream>,
): Cell[] {
  const { Status: status, OpenShards: shards, RetentionHours: hours, Readers: readers } = stream;
  const { In: into, Out: out, LagMillis: lag } = stream;
  return [
    stream.Name,
    { text: status, style: status === 'ACTIVE' ? 'green' : 'yellow' },
    stream.Mode === 'ON_DEMAND' ? 'on demand' : 'provisioned',
    shards === undefined ? '-' : String(shards),
    ...[into, out].flatMap((rate) =>
      rate === undefined
        ? ['-', '-']
        : [rateText(rate.RecordsPerSecond), `${bytesText(rate.BytesPerSecond)}/s`],
    ),
    hours === undefined ? '-' : durationText(hours * 3_600_000),
    readers === undefined ? '-' : String(readers),
    lag === undefined ? '-' : lagCell(stream, lag),
  ];
}

/** Red where records are lost within an hour if it goes on so. */
function lagCell(
  { TimeToLossMillis: left = Number.POSITIVE_INFINITY }: Partial<RatedStream>,
  lag: number,
): Cell {
  const text = durationText(lag);
  return left < 3_600_000 ? { text, style: 'red' } : text;
}
