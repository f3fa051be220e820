import { type Asked, useAsked } from '../../../api/asked.ts';
import { call } from '../../../api/call.ts';
import { serverNow } from '../../../api/server-clock.ts';
import {
  type HistoryRange,
  historyInput,
  historyOf,
  historyQueries,
  type MetricHistory,
  type MetricResult,
} from './metric-history.ts';

/** What CloudWatch has kept of a stream; `none` where there is nothing yet. */
export function useMetricHistory(
  name: string,
  arn: string,
  range: HistoryRange,
): Asked<MetricHistory | 'none'> {
  return useAsked((signal) => read(name, arn, range, signal), [name, range], { everyMs: 30_000 });
}

async function read(
  name: string,
  arn: string,
  range: HistoryRange,
  signal: AbortSignal,
): Promise<MetricHistory | 'none'> {
  const queries = historyQueries(await consumersOf(arn, signal));
  const input = historyInput(name, queries, range, serverNow() / 1000);
  const results: MetricResult[] = [];
  let token: string | undefined;
  do {
    const more = token === undefined ? {} : { NextToken: token };
    const page: Page = await call('cloudwatch', 'GetMetricData', { ...input, ...more }, { signal });
    results.push(...page.MetricDataResults);
    token = page.NextToken;
  } while (token !== undefined);
  return historyOf(queries, results, input, range.periodSeconds) ?? 'none';
}

type Page = { readonly MetricDataResults: readonly MetricResult[]; readonly NextToken?: string };

async function consumersOf(arn: string, signal: AbortSignal): Promise<string[]> {
  type Answer = { readonly Consumers: readonly { readonly ConsumerName: string }[] };
  const { Consumers } = await call<Answer>('kinesis', 'ListStreamConsumers', { StreamARN: arn }, { signal });
  return Consumers.map(({ ConsumerName }) => ConsumerName);
}
