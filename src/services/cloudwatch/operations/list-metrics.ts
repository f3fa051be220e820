import type { Caller } from '../../../access/caller.ts';
import { listPage } from '../../../rpc/list-page.ts';
import { boolean, list, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalidValue } from '../errors.ts';
import { keyOf, type Metric } from '../metrics/metric.ts';
import { silentMs } from '../metrics/metrics.ts';
import { operation } from '../operation.ts';
import { Findings } from '../parts/findings.ts';
import { metric } from '../parts/shapes.ts';

/** CloudWatch API reference, ListMetrics and its DimensionFilter. */
const metricsMax = 500;
const filtersMax = 10;

const input = structure('ListMetricsInput', {
  Namespace: string(),
  MetricName: string(),
  Dimensions: list(structure('DimensionFilter', { Name: string(), Value: string() })),
  NextToken: string(),
  RecentlyActive: string(),
  IncludeLinkedAccounts: boolean(),
  OwningAccount: string(),
});

export const listMetrics = operation({
  name: 'ListMetrics',
  summary: 'Lists metrics that have data, 500 at a time.',
  input,
  output: structure('ListMetricsOutput', {
    Metrics: list(metric),
    NextToken: string(),
    OwningAccounts: list(string()),
  }),
  prepare: ({ clock, metrics }, request, caller) => ({
    resource: '*',
    run: async () => {
      requireFilters(request);
      const all = [...(await metrics()).metrics.of(caller.account, caller.region)];
      const since = request.RecentlyActive === undefined ? Number.NEGATIVE_INFINITY : clock.now() - silentMs;
      const asked = all.filter((one) => one.dataAt >= since && isAsked(one, request, caller));
      const page = listPage(asked, ({ called }) => keyOf(called), request.NextToken, metricsMax);
      if (page === undefined) throw invalidValue('Request parameter NextToken is invalid');
      const { items, next } = page;
      return {
        Metrics: items.map(view),
        NextToken: next,
        // There are no accounts that share their metrics.
        OwningAccounts: request.IncludeLinkedAccounts ? items.map(() => caller.account) : undefined,
      };
    },
  }),
});

type Request = TypeOf<typeof input>;

function requireFilters({ Dimensions = [], RecentlyActive }: Request): void {
  const findings = new Findings();
  findings.list('Dimensions', Dimensions, filtersMax);
  for (const [index, filter] of Dimensions.entries()) {
    findings.required(`Dimensions.member.${index + 1}.Name`, filter.Name);
  }
  if (RecentlyActive !== undefined) findings.oneOf('RecentlyActive', RecentlyActive, ['PT3H']);
  findings.raise();
}

/** A metric may have more dimensions than those that are asked for. */
function isAsked({ called }: Metric, request: Request, { account }: Caller): boolean {
  const { Namespace, MetricName, Dimensions = [], OwningAccount = account } = request;
  return (
    OwningAccount === account &&
    (Namespace === undefined || called.namespace === Namespace) &&
    (MetricName === undefined || called.name === MetricName) &&
    Dimensions.every(({ Name, Value }) =>
      called.dimensions.some(({ name, value }) => name === Name && (Value === undefined || value === Value)),
    )
  );
}

function view({ called: { namespace, name, dimensions } }: Metric) {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: dimensions.map((each) => ({ Name: each.name, Value: each.value })),
  };
}
