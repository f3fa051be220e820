import type { Usage } from '../../cost/usage.ts';
import { type BilledSight, usageOfSight } from '../../cost/usage-of-sight.ts';
import type { CommandWorld } from '../command-world.ts';
import { openPlace } from '../read/open-view.ts';
import { awsUsages } from './aws-usages.ts';
import type { CostRequest } from './cost-request.ts';
import { jsonCalls } from './service-calls.ts';

/** What streams of a server do, by what it counts; at AWS by their metrics. Rejects as calls do. */
export async function measuredUsages(
  request: Extract<CostRequest, { kind: 'live' }>,
  world: CommandWorld,
): Promise<readonly Usage[]> {
  const place = await openPlace(request.place, world);
  if (/\.amazonaws\.com(\.cn)?$/.test(place.endpoint)) return await awsUsages(place, request, world);
  const ask = jsonCalls(place, 'millrace', '1.1', world);
  const look = () => sightsOf((input) => ask('Millrace_20261129.ListStreamSights', input));
  const first = await look();
  if (request.overMs === undefined) return usagesOf(first, first.At - first.CountedSince);
  await world.clock.sleep(request.overMs, world.signal);
  world.signal.throwIfAborted();
  const second = await look();
  const before = new Map(first.Streams.map((stream) => [stream.Name, stream]));
  return usagesOf(second, second.At - first.At, before);
}

function usagesOf(
  { Streams }: Sights,
  seconds: number,
  before?: ReadonlyMap<string, BilledSight>,
): readonly Usage[] {
  return Streams.map((stream) => usageOfSight(stream, seconds, before?.get(stream.Name)));
}

/** Of `ListStreamSightsAnswer`, what is read here. */
type Sights = {
  readonly CountedSince: number;
  readonly At: number;
  readonly Streams: readonly BilledSight[];
};

async function sightsOf(
  ask: (input: object) => Promise<Sights & { readonly NextToken?: string }>,
): Promise<Sights> {
  const streams: BilledSight[] = [];
  let page = await ask({});
  for (;;) {
    streams.push(...page.Streams);
    const { NextToken } = page;
    if (NextToken === undefined || NextToken === null) return { ...page, Streams: streams };
    page = await ask({ NextToken });
  }
}
