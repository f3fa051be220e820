import { countText, cut, durationText, printable, timeText } from '../answer-text.ts';
import { tableText } from '../user/user-text.ts';
import type { Configuration, Failure, FailureInFull, RedriveResult, Sight } from './mapping-answers.ts';

/** A line for each mapping: of its shards the one that is furthest behind, and what all do together. */
export function sightsText(sights: readonly Sight[]): string {
  if (sights.length === 0) return 'There are no event source mappings.\n';
  const rows = sights.map((sight) => {
    const { Shards: shards } = sight;
    const lag = Math.max(0, ...shards.map(({ LagMs }) => LagMs));
    const loss = Math.min(...shards.map(({ TimeToLossMs = Number.POSITIVE_INFINITY }) => TimeToLossMs));
    const sum = (of: 'BehindRecords' | 'RecordsPerSecond') =>
      shards.reduce((total, shard) => total + shard[of], 0);
    return [
      ...[sight.UUID, functionIn(sight), streamIn(sight), sight.State],
      ...[durationText(lag), countText(sum('BehindRecords')), countText(sum('RecordsPerSecond'))],
      ...[Number.isFinite(loss) ? durationText(loss) : '-', countText(sight.PendingFailures)],
      sight.LastProcessingResult,
    ];
  });
  const head = [
    'UUID',
    'FUNCTION',
    'STREAM',
    'STATE',
    'LAG',
    'BEHIND',
    'RECORDS/S',
    'TIME TO LOSS',
    'FAILURES',
  ];
  return tableText([[...head, 'LAST RESULT'], ...rows]);
}

/** The settings, and a line for each shard. */
export function mappingText(configuration: Configuration, { Shards: shards }: Pick<Sight, 'Shards'>): string {
  const settings = Object.entries(configuration).map(([name, value]) => [name, valueText(name, value)]);
  const head = ['SHARD', 'LAG', 'BEHIND', 'RECORDS/S', 'TIME TO LOSS', 'LAST RESULT'];
  const rows = shards.map((shard) => [
    ...[shard.ShardId, durationText(shard.LagMs), countText(shard.BehindRecords)],
    ...[countText(shard.RecordsPerSecond)],
    ...[shard.TimeToLossMs === undefined ? '-' : durationText(shard.TimeToLossMs)],
    shard.LastProcessingResult,
  ]);
  const read =
    rows.length === 0 ? 'No shard of it is read by the server that was asked.\n' : tableText([head, ...rows]);
  return `${tableText(settings)}\n${read}`;
}

export function failuresText(failures: readonly Failure[]): string {
  if (failures.length === 0) return 'It has given up nothing.\n';
  const rows = failures.map((failure) => [
    ...[String(failure.Number), timeText(failure.Timestamp), failure.ShardId, failure.Condition],
    ...[countText(failure.RecordCount), failure.HasData ? 'kept' : 'forgotten', failure.Delivery],
    failure.RedriveTimestamp === undefined ? '-' : timeText(failure.RedriveTimestamp),
    shortText(errorText(failure.Error)),
  ]);
  const head = [
    'NUMBER',
    'GIVEN UP',
    'SHARD',
    'CONDITION',
    'RECORDS',
    'DATA',
    'DESTINATION',
    'REDRIVEN',
    'ERROR',
  ];
  return tableText([head, ...rows]);
}

/** Each record on a line, its data as text where they are text. */
export function failureText({ Failure: failure, Records: records }: FailureInFull): string {
  const head = `${failuresText([failure])}\n${printable(errorText(failure.Error))}\n\n`;
  if (records === undefined) return `${head}Its records are forgotten.\n`;
  const rows = records.map((record) => [
    ...[record.SequenceNumber, timeText(record.ApproximateArrivalTimestamp)],
    ...[printable(record.PartitionKey), cut(dataText(record.Data), dataColumns)],
  ]);
  return head + tableText([['SEQUENCE NUMBER', 'ARRIVED', 'PARTITION KEY', 'DATA'], ...rows]);
}

export function resultText({ Number: number, Outcome: outcome, Error: error }: RedriveResult): string {
  const why = error === undefined ? '' : `: ${shortText(errorText(error))}`;
  return `${number} ${outcomes[outcome]}${why}\n`;
}

const outcomes = { Succeeded: 'succeeded', Failed: 'failed', Forgotten: 'has no records any more' } as const;

const functionIn = ({ FunctionArn: arn }: Sight) => arn.split(':').slice(6).join(':');
const streamIn = ({ EventSourceArn: arn }: Sight) => arn.split(':').slice(5).join(':').replace('stream/', '');

function valueText(name: string, value: unknown): string {
  if (name === 'LastModified' || name === 'StartingPositionTimestamp') return timeText(Number(value));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function dataText(base64: string): string {
  const data = Buffer.from(base64, 'base64');
  const text = String(data);
  return Buffer.from(text).equals(data) ? printable(text) : `base64:${base64}`;
}

/** What a function threw, as `errorType: errorMessage`; anything else as it is. */
function errorText(text: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(text);
    if (typeof errorMessage === 'string') return errorType ? `${errorType}: ${errorMessage}` : errorMessage;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  return text;
}

const errorColumns = 100;
const dataColumns = 200;

/** Of several lines one. */
function shortText(text: string): string {
  return cut(printable(text.replaceAll(/\s+/g, ' ')), errorColumns);
}
