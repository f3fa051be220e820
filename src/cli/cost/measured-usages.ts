import type { Usage } from '../../cost/usage.ts';
import { type BilledSight, usageOfSight } from '../../cost/usage-of-sight.ts';
import { StartError } from '../../env/start-error.ts';
import { placeAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { askMillrace } from '../millrace-calls.ts';
import { callsOf } from '../online-calls.ts';
import { awsUsages } from './aws-usages.ts';
import type { CostRequest } from './cost-request.ts';

/** What streams do, on average over so many seconds. */
export type Measured = { readonly usages: readonly Usage[]; readonly seconds: number };

/** What streams of a server do, by what it counts; at AWS by their metrics. Rejects as calls do. */
export async function measuredUsages(
  request: Extract<CostRequest, { kind: 'live' }>,
  world: CommandWorld,
): Promise<Measured> {
  const place = await placeAt(request.place, world);
  if (/\.amazonaws\.com(\.cn)?$/.test(place.endpoint)) return await awsUsages(place, request, world);
  const calls = callsOf(place, world.client, world.clock);
  const look = () => sightsOf((input) => askMillrace<SightsPage>(calls, 'ListStreamSights', input));
  const first = await look();
  if (request.overMs === undefined) return usagesOf(first, first.At - first.CountedSince);
  await world.clock.sleep(request.overMs, world.signal);
  world.signal.throwIfAborted();
  const second = await look();
  const before = new Map(first.Streams.map((stream) => [stream.Name, stream]));
  return usagesOf(second, second.At - first.At, before);
}

function usagesOf({ Streams }: Sights, seconds: number, before?: ReadonlyMap<string, BilledSight>): Measured {
  return {
    usages: Streams.map((stream) => usageOfSight(stream, seconds, before?.get(stream.Name))),
    seconds,
  };
}

/** Of `ListStreamSightsAnswer`, what is read here. */
type Sights = {
  readonly CountedSince: number;
  readonly At: number;
  readonly Streams: readonly BilledSight[];
};

type SightsPage = Sights & { readonly NextToken?: string | null };

async function sightsOf(ask: (input: object) => Promise<SightsPage | undefined>): Promise<Sights> {
  const streams: BilledSight[] = [];
  let next: object = {};
  for (;;) {
    const page = await ask(next);
    if (page === undefined)
      throw new StartError('what answers tells nothing of what it counted: it is neither Millrace nor AWS');
    streams.push(...page.Streams);
    const { NextToken } = page;
    if (NextToken === undefined || NextToken === null) return { ...page, Streams: streams };
    next = { NextToken };
  }
}
