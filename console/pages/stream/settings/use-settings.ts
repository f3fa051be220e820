import { type Asked, useAsked } from '../../../api/asked.ts';
import { call } from '../../../api/call.ts';
import type { StreamLimitsAnswer } from '../stream-limits.ts';

/** DescribeStreamSummary, as far as it is shown. */
export type Summary = {
  readonly StreamName: string;
  readonly StreamARN: string;
  readonly StreamStatus: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
  readonly StreamModeDetails: { readonly StreamMode: 'PROVISIONED' | 'ON_DEMAND' };
  readonly RetentionPeriodHours: number;
  readonly StreamCreationTimestamp: number;
  readonly EnhancedMonitoring: readonly { readonly ShardLevelMetrics: readonly string[] }[];
  readonly EncryptionType?: 'NONE' | 'KMS';
  readonly KeyId?: string;
  readonly OpenShardCount: number;
  readonly ConsumerCount: number;
  readonly MaxRecordSizeInKiB?: number;
  readonly RecordDistributionStrategy?: 'AUTO' | 'USER_PARTITION_KEY';
};

export type FanOutConsumer = {
  readonly ConsumerName: string;
  readonly ConsumerARN: string;
  readonly ConsumerStatus: 'CREATING' | 'ACTIVE' | 'DELETING';
  readonly ConsumerCreationTimestamp: number;
};

/** What is set about a stream. Each part is asked for by itself: one may be forbidden. */
export type Settings = {
  readonly summary: Asked<Summary>;
  readonly tags: Asked<Readonly<Record<string, string>>>;
  readonly policy: Asked<string>;
  readonly limits: Asked<StreamLimitsAnswer>;
  readonly consumers: Asked<readonly FanOutConsumer[]>;
  readonly again: () => void;
};

export function useSettings(name: string): Settings {
  const summary = useAsked((signal) => summaryOf(name, signal), [name], { everyMs: 3_000 });
  const arn = summary.answer?.StreamARN;
  const tags = useAsked((signal) => tagsOf(arn, signal), [arn]);
  const policy = useAsked((signal) => policyOf(arn, signal), [arn]);
  const limits = useAsked((signal) => limitsOf(name, signal), [name]);
  const consumers = useAsked((signal) => consumersOf(arn, signal), [arn], { everyMs: 5_000 });
  return {
    ...{ summary, tags, policy, limits, consumers },
    again: () => {
      for (const asked of [summary, tags, policy, limits, consumers]) asked.again();
    },
  };
}

async function summaryOf(name: string, signal: AbortSignal): Promise<Summary> {
  type Answer = { readonly StreamDescriptionSummary: Summary };
  const answer = await call<Answer>('kinesis', 'DescribeStreamSummary', { StreamName: name }, { signal });
  return answer.StreamDescriptionSummary;
}

/** The ARN is not known before the summary is: then nothing is asked, and nothing known. */
async function tagsOf(
  arn: string | undefined,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if (arn === undefined) return {};
  type Answer = { readonly Tags: readonly { readonly Key: string; readonly Value?: string }[] };
  const { Tags } = await call<Answer>('kinesis', 'ListTagsForResource', { ResourceARN: arn }, { signal });
  return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value ?? '']));
}

/** Empty without one, which AWS answers as `{}`. */
async function policyOf(arn: string | undefined, signal: AbortSignal): Promise<string> {
  if (arn === undefined) return '';
  type Answer = { readonly Policy: string };
  const { Policy } = await call<Answer>('kinesis', 'GetResourcePolicy', { ResourceARN: arn }, { signal });
  return Policy === '{}' ? '' : Policy;
}

function limitsOf(name: string, signal: AbortSignal): Promise<StreamLimitsAnswer> {
  return call('millrace', 'GetStreamLimits', { StreamName: name }, { signal });
}

async function consumersOf(arn: string | undefined, signal: AbortSignal): Promise<FanOutConsumer[]> {
  const consumers: FanOutConsumer[] = [];
  type Answer = { readonly Consumers: readonly FanOutConsumer[]; readonly NextToken?: string };
  let token: string | undefined;
  if (arn === undefined) return consumers;
  do {
    const named = { StreamARN: arn, ...(token === undefined ? {} : { NextToken: token }) };
    const page: Answer = await call('kinesis', 'ListStreamConsumers', named, { signal });
    consumers.push(...page.Consumers);
    token = page.NextToken;
  } while (token !== undefined);
  return consumers;
}

export function metricsOf({ EnhancedMonitoring: monitoring }: Summary): readonly string[] {
  return monitoring[0]?.ShardLevelMetrics ?? [];
}
