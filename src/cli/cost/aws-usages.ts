import type { Usage } from '../../cost/usage.ts';
import type { Millis } from '../../env/clock.ts';
import type { CommandWorld } from '../command-world.ts';
import { KinesisEnd } from '../copy/kinesis-end.ts';
import { awsSuffix, type Online } from '../online.ts';
import type { Measured } from './measured-usages.ts';
import { jsonCalls } from './service-calls.ts';
import { type StreamMetrics, sumsOf } from './stream-metrics.ts';

/**
 * What streams did at AWS lately, by their metrics in CloudWatch, for a day unless it is said for how long.
 * There is none of how records are rounded: they are taken for equally large. Rejects as calls do.
 */
export async function awsUsages(
  place: Online,
  asked: { readonly streams: readonly string[] | undefined; readonly overMs: Millis | undefined },
  world: CommandWorld,
): Promise<Measured> {
  const end = new KinesisEnd(place, { ...world, patienceMs });
  const names = await namesOf(end);
  const streams = asked.streams === undefined ? names : names.filter((name) => asked.streams!.includes(name));
  const found: FoundStream[] = [];
  for (const name of streams) found.push(await findStream(end, name));
  const { region } = place;
  const metrics = { ...place, endpoint: `https://monitoring.${region}.${awsSuffix(region)}` };
  const overMs = asked.overMs ?? dayMs;
  const ask = jsonCalls(metrics, 'monitoring', '1.0', world);
  const sums = await sumsOf(ask, found, { end: world.clock.now(), overMs });
  const seconds = overMs / 1000;
  return { usages: found.map((stream, index) => usageOf(stream, sums[index]!, seconds)), seconds };
}

const patienceMs = 30_000;
const dayMs = 86_400_000;

export type FoundStream = {
  readonly name: string;
  readonly consumers: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly mode: Usage['mode'];
  readonly shards: number;
  readonly retentionHours: number;
};

async function findStream(end: KinesisEnd, name: string): Promise<FoundStream> {
  const { StreamDescriptionSummary: summary } = await end.call<{ StreamDescriptionSummary: Summary }>(
    'DescribeStreamSummary',
    { StreamName: name },
  );
  const { Tags } = await end.call<{ Tags: readonly Tag[] }>('ListTagsForStream', { StreamName: name });
  return {
    name,
    consumers: summary.ConsumerCount === 0 ? [] : await consumersOf(end, summary.StreamARN),
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    mode: summary.StreamModeDetails?.StreamMode === 'ON_DEMAND' ? 'on-demand' : 'provisioned',
    shards: summary.OpenShardCount,
    retentionHours: summary.RetentionPeriodHours,
  };
}

type Summary = {
  readonly StreamARN: string;
  readonly OpenShardCount: number;
  readonly RetentionPeriodHours: number;
  readonly ConsumerCount?: number;
  readonly StreamModeDetails?: { readonly StreamMode: string };
};

type Tag = { readonly Key: string; readonly Value: string };

async function namesOf(end: KinesisEnd): Promise<readonly string[]> {
  const names: string[] = [];
  let next: object = {};
  for (;;) {
    const page = await end.call<{ StreamNames: readonly string[]; NextToken?: string }>('ListStreams', next);
    names.push(...page.StreamNames);
    if (page.NextToken === undefined) return names;
    next = { NextToken: page.NextToken };
  }
}

async function consumersOf(end: KinesisEnd, arn: string): Promise<readonly string[]> {
  const names: string[] = [];
  let next: object = { StreamARN: arn };
  for (;;) {
    const page = await end.call<ConsumersPage>('ListStreamConsumers', next);
    names.push(...page.Consumers.map(({ ConsumerName }) => ConsumerName));
    if (page.NextToken === undefined) return names;
    next = { StreamARN: arn, NextToken: page.NextToken };
  }
}

type ConsumersPage = {
  readonly Consumers: readonly { readonly ConsumerName: string }[];
  readonly NextToken?: string;
};

function usageOf(stream: FoundStream, sums: StreamMetrics, seconds: number): Usage {
  const { records, bytesIn, bytesOut, fanOutBytes } = sums;
  const size = records === 0 ? 0 : bytesIn / records;
  const recordsIn = records / seconds;
  const { name, tags, mode, shards, retentionHours } = stream;
  return {
    ...{ name, tags, mode, shards, retentionHours, recordsIn, bytesIn: bytesIn / seconds },
    putUnits: recordsIn * Math.ceil(size / (25 * 1024)),
    kilobytesIn: recordsIn * Math.ceil(size / 1024),
    ...{ bytesOut: bytesOut / seconds, longTermBytesOut: 0 },
    ...{ fanOutConsumers: stream.consumers.length, fanOutBytes: fanOutBytes / seconds },
  };
}
