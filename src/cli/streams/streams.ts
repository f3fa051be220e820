import type { StreamSight } from '../../services/millrace/sights.ts';
import { jsonText } from '../answer-text.ts';
import { type AwsCalls, callsAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { allSights, type RatedStream, rated } from '../sights.ts';
import { table } from '../table.ts';
import { streamColumns, streamRow } from './stream-row.ts';
import type { StreamsOptions } from './streams-command.ts';

/** A stream as it is listed; what is not known of it is not there. */
type Listed = Pick<RatedStream, 'Name' | 'Status' | 'Mode'> & Partial<RatedStream>;

/** Lists streams; answers the exit code. Rejects as `AwsCalls` do. */
export async function runStreams(filter = '', options: StreamsOptions, world: CommandWorld): Promise<number> {
  const calls = await callsAt(options, world);
  const all = (await sights(calls, world)) ?? (await summaries(calls));
  const listed = all.filter(({ Name: name }) => name.includes(filter));
  const { out } = world;
  if (options.json ?? !out.isTerminal) {
    await out.write(`${jsonText(listed, 2)}\n`);
  } else if (listed.length === 0) {
    await out.write(all.length === 0 ? noStreams : `No stream's name contains ${filter}.\n`);
  } else {
    await out.write(table(streamColumns, listed.map(streamRow), out));
  }
  return 0;
}

const noStreams = 'There are no streams yet. Make one with: millrace stream create <name>\n';

/** Undefined where the server is not Millrace. Counts are looked at twice, to know how fast they grow. */
async function sights(calls: AwsCalls, { clock, signal }: CommandWorld): Promise<Listed[] | undefined> {
  const before = await allSights(calls);
  if (before === undefined) return undefined;
  if (before.streams.length > 0) await clock.sleep(lookMs, signal);
  return rated(before, (await allSights(calls)) ?? before);
}

const lookMs = 1_000;

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
