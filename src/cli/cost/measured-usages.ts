import type { Usage } from '../../cost/usage.ts';
import { type BilledSight, usageOfSight } from '../../cost/usage-of-sight.ts';
import { StartError } from '../../env/start-error.ts';
import { type AwsCalls, placeAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { callsOf } from '../online-calls.ts';
import { allSights, type Sights } from '../sights.ts';
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
  const first = await sightsOf(calls);
  if (request.overMs === undefined) return usagesOf(first, first.at - first.countedSince);
  await world.clock.sleep(request.overMs, world.signal);
  world.signal.throwIfAborted();
  const second = await sightsOf(calls);
  const before = new Map(first.streams.map((stream) => [stream.Name, stream]));
  return usagesOf(second, second.at - first.at, before);
}

function usagesOf({ streams }: Sights, seconds: number, before?: ReadonlyMap<string, BilledSight>): Measured {
  return {
    usages: streams.map((stream) => usageOfSight(stream, seconds, before?.get(stream.Name))),
    seconds,
  };
}

async function sightsOf(calls: AwsCalls): Promise<Sights> {
  const sights = await allSights(calls);
  if (sights !== undefined) return sights;
  throw new StartError('what answers tells nothing of what it counted: it is neither Millrace nor AWS');
}
