import { costOf, usagesByTag } from '../../cost/cost-of.ts';
import { plannedUsage } from '../../cost/usage.ts';
import { StartError } from '../../env/start-error.ts';
import type { CommandWorld } from '../command-world.ts';
import { untilAborted } from '../read/open-view.ts';
import type { CostRequest } from './cost-request.ts';
import { costJson, costText, tagsJson, tagsText } from './cost-text.ts';
import { type Measured, measuredUsages } from './measured-usages.ts';

/** Says what a load or the streams of a server would cost. Rejects as calls do. */
export function cost(request: CostRequest, world: CommandWorld): Promise<number> {
  return untilAborted(world, () => tellCost(request, world));
}

async function tellCost(request: CostRequest, world: CommandWorld): Promise<void> {
  const { out } = world;
  const { json = !out.isTerminal } = request;
  if (request.kind === 'planned') {
    const planned = costOf([plannedUsage(request.load)]);
    await out.write(json ? costJson(planned) : costText(planned));
    return;
  }
  const { usages, seconds } = await measured(request, world);
  const { tag } = request;
  const whole = costOf(usages);
  if (tag === undefined) {
    await out.write(json ? costJson(whole, seconds) : costText(whole, seconds));
    return;
  }
  const costs = [...usagesByTag(usages, tag)].map(([value, some]) => ({ value, cost: costOf(some) }));
  await out.write(json ? tagsJson(tag, costs, seconds) : tagsText(tag, costs) + costText(whole, seconds));
}

/** Of the streams that are asked for. */
async function measured(
  request: Extract<CostRequest, { kind: 'live' }>,
  world: CommandWorld,
): Promise<Measured> {
  const { usages, seconds } = await measuredUsages(request, world);
  const { streams } = request;
  const missing = streams?.find((stream) => !usages.some(({ name }) => name === stream));
  if (missing !== undefined) throw new StartError(`there is no stream ${missing}`);
  const wanted = streams === undefined ? usages : usages.filter(({ name }) => streams.includes(name));
  if (wanted.length === 0) throw new StartError('there are no streams; a load is described by --records');
  return { usages: wanted, seconds };
}
