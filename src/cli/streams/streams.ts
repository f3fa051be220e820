import type { ListStreamSightsAnswer, StreamSight } from '../../services/millrace/sights.ts';
import { durationText } from '../answer-text.ts';
import { type AwsCalls, callsAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { askMillrace } from '../millrace-calls.ts';
import { bytesText, rateText } from '../quantity-text.ts';
import { type Cell, table } from '../table.ts';
import type { StreamsOptions } from './streams-command.ts';

/** A stream as it is listed; what is not known of it is not there. */
type Listed = Pick<StreamSight, 'Name' | 'Status' | 'Mode'> &
  Partial<StreamSight> & { readonly In?: Rate; readonly Out?: Rate };

type Rate = { readonly RecordsPerSecond: number; readonly BytesPerSecond: number };

/** Lists streams; answers the exit code. Rejects as `AwsCalls` do. */
export async function runStreams(filter = '', options: StreamsOptions, world: CommandWorld): Promise<number> {
  const calls = await callsAt(options, world);
  const all = (await sights(calls, world)) ?? (await summaries(calls));
  const listed = all.filter(({ Name: name }) => name.includes(filter));
  const { out } = world;
  if (options.json ?? !out.isTerminal) {
    await out.write(`${JSON.stringify(listed, undefined, 2)}\n`);
  } else if (listed.length === 0) {
    await out.write(all.length === 0 ? noStreams : `No stream's name contains ${filter}.\n`);
  } else {
    await out.write(table(columns, listed.map(rowOf), out));
  }
  return 0;
}

const noStreams = 'There are no streams yet. Make one with: millrace stream create <name>\n';

const columns = [
  ...[{ head: 'NAME' }, { head: 'STATE' }, { head: 'MODE' }, { head: 'SHARDS', align: 'right' as const }],
  ...['IN/S', 'IN', 'OUT/S', 'OUT'].map((head) => ({ head, align: 'right' as const })),
  { head: 'RETENTION', align: 'right' as const },
  ...[
    { head: 'READERS', align: 'right' as const },
    { head: 'LAG', align: 'right' as const },
  ],
];

function rowOf(stream: Listed): Cell[] {
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
function lagCell({ TimeToLossMillis: left = Number.POSITIVE_INFINITY }: Listed, lag: number): Cell {
  const text = durationText(lag);
  return left < 3_600_000 ? { text, style: 'red' } : text;
}

/** Undefined where the server is not Millrace. Counts are looked at twice, to know how fast they grow. */
async function sights(calls: AwsCalls, { clock, signal }: CommandWorld): Promise<Listed[] | undefined> {
  const before = await allSights(calls);
  if (before === undefined) return undefined;
  if (before.streams.length > 0) await clock.sleep(lookMs, signal);
  const after = (await allSights(calls)) ?? before;
  const seconds = after.at - before.at;
  const earlier = new Map(before.streams.map((stream) => [stream.Arn, stream]));
  return after.streams.map((stream) => {
    const was = earlier.get(stream.Arn);
    return was === undefined || seconds <= 0 ? stream : { ...stream, ...ratesOf(was, stream, seconds) };
  });
}

const lookMs = 1_000;

function ratesOf({ Counts: was }: StreamSight, { Counts: is }: StreamSight, seconds: number) {
  const rate = (records: number, bytes: number): Rate => ({
    RecordsPerSecond: Math.max(0, records / seconds),
    BytesPerSecond: Math.max(0, bytes / seconds),
  });
  const recordsOut = is.RecordsOut + is.FanOutRecords - was.RecordsOut - was.FanOutRecords;
  const bytesOut = is.BytesOut + is.FanOutBytes - was.BytesOut - was.FanOutBytes;
  return {
    In: rate(is.RecordsIn - was.RecordsIn, is.BytesIn - was.BytesIn),
    Out: rate(recordsOut, bytesOut),
  };
}

async function allSights(
  calls: AwsCalls,
): Promise<{ readonly at: number; readonly streams: readonly StreamSight[] } | undefined> {
  const streams: StreamSight[] = [];
  let next: string | undefined;
  let at = 0;
  do {
    const input = next === undefined ? {} : { NextToken: next };
    const page = await askMillrace<ListStreamSightsAnswer>(calls, 'ListStreamSights', input);
    if (page === undefined) return undefined;
    streams.push(...page.Streams);
    at ||= page.At;
    next = page.NextToken;
  } while (next !== undefined);
  return { at, streams };
}

type ListStreamsAnswer = {
  readonly StreamSummaries: readonly {
    readonly StreamName: string;
    readonly StreamARN: string;
    readonly StreamStatus: StreamSight['Status'];
    readonly StreamModeDetails?: { readonly StreamMode: StreamSight['Mode'] };
    readonly StreamCreationTimestamp: number;
  }[];
  readonly HasMoreStreams: boolean;
  readonly NextToken?: string;
};

/** What ListStreams of AWS tells. */
async function summaries(calls: AwsCalls): Promise<Listed[]> {
  const listed: Listed[] = [];
  let next: string | undefined;
  do {
    const page = await calls.kinesis<ListStreamsAnswer>('ListStreams', next ? { NextToken: next } : {});
    for (const summary of page.StreamSummaries) {
      const { StreamName: Name, StreamARN: Arn, StreamStatus: Status } = summary;
      const Mode = summary.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
      listed.push({ Name, Arn, Status, Mode, CreatedAt: summary.StreamCreationTimestamp });
    }
    next = page.HasMoreStreams ? page.NextToken : undefined;
  } while (next !== undefined);
  return listed;
}
