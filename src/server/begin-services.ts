import type { Env } from '../env/env.ts';
import { beginDelivery } from './delivery/begin-delivery.ts';
import type { Gateway } from './gateway.ts';
import type { ServedData } from './gateway-parts.ts';
import { type Attach, beginLambda } from './lambda/begin-lambda.ts';
import type { MetricsSurroundings, ServerMetrics } from './metrics/server-metrics.ts';
import { beginSights } from './millrace/late-sights.ts';
import type { ServerOptions } from './options.ts';
import type { Part } from './part.ts';

type OfLambda = Parameters<typeof beginLambda>[3];
type OfDelivery = Parameters<typeof beginDelivery>[3];
type OfSights = Parameters<typeof beginSights>[3];

/** What is built by then. */
type Built = Omit<OfLambda & OfDelivery & OfSights, keyof OfPart> & {
  readonly part: Part;
  readonly gateway: Gateway;
  readonly served: ServedData;
};

/** What services know a part by. */
type OfPart = Pick<Part, 'engine' | 'placement' | 'sightsElsewhere' | 'deliveriesElsewhere' | 'health'> & {
  readonly lambda: ServedData['lambda'];
} & Pick<MetricsSurroundings, 'metrics'>;

/** Lets what loads late be opened from now on: all that it works with is there. */
export function beginServices(
  settings: ServerOptions,
  env: Env,
  built: Built,
  { metrics, opened }: { readonly metrics: ServerMetrics; readonly opened: AsyncDisposableStack },
): Attach {
  const { part, gateway, served } = built;
  const { lambda, delivery } = served;
  const { engine, placement, sightsElsewhere, deliveriesElsewhere, health } = part;
  const ofPart: OfPart = {
    ...{ engine, placement, sightsElsewhere, deliveriesElsewhere, health, lambda },
    metrics: part.metrics(gateway.served.metrics),
  };
  const around = { ...built, ...ofPart };
  const attach = beginLambda(lambda, settings, env, around);
  // Functions that are under way may still call this server.
  opened.defer(() => lambda.close());
  beginDelivery(delivery, settings, env, around);
  opened.defer(() => delivery.close());
  beginSights(gateway.sights, settings, env, around);
  metrics.begin({ ...around, sights: gateway.sights });
  return attach;
}
