import { costOf, usagesByTag } from '../../cost/cost-of.ts';
import { plannedUsage, type Usage } from '../../cost/usage.ts';
import { StartError } from '../../env/start-error.ts';
import type { CommandWorld } from '../command-world.ts';
import { untilAborted } from '../read/open-view.ts';
import type { CostRequest } from './cost-request.ts';
import { costJson, costText, tagsJson, tagsText } from './cost-text.ts';
import { measuredUsages } from './measured-usages.ts';

/** Says what a load or the streams of a server would cost. Rejects as calls do. */
export function cost(request: CostRequest, world: CommandWorld): Promise<number> {
  return untilAborted(world, () => tellCost(request, world));
}

async function tellCost(request: CostRequest, world: CommandWorld): Promise<void> {
  const { out } = world;
  const { json = !out.isTerminal } = request;
  const usages =
    request.kind === 'planned' ? [plannedUsage(request.load)] : await askedUsages(request, world);
  if (request.kind === 'live' && request.tag !== undefined) {
    const costs = [...usagesByTag(usages, request.tag)].map(([value, some]) => ({
      value,
      cost: costOf(some),
    }));
    await out.write(json ? tagsJson(request.tag, costs) : tagsText(request.tag, costs));
  }
  const whole = costOf(usages);
  if (!(json && request.kind === 'live' && request.tag !== undefined))
    await out.write(json ? costJson(whole) : costText(whole));
}

async function askedUsages(
  request: Extract<CostRequest, { kind: 'live' }>,
  world: CommandWorld,
): Promise<readonly Usage[]> {
  const usages = await measuredUsages(request, world);
  const { streams } = request;
  const missing = streams?.find((stream) => !usages.some(({ name }) => name === stream));
  if (missing !== undefined) throw new StartError(`there is no stream ${missing}`);
  const wanted = streams === undefined ? usages : usages.filter(({ name }) => streams.includes(name));
  if (wanted.length === 0) throw new StartError('there are no streams; a load is described by --records');
  return wanted;
}
