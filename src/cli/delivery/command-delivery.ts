import { callsAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { sayOn } from '../status-line.ts';
import { runDeliveryCommand } from './delivery.ts';
import type { DeliveryRequest } from './delivery-request.ts';

/** Asks a server about its deliveries; answers the exit code. Rejects as `runDeliveryCommand`. */
export async function commandDelivery(request: DeliveryRequest, world: CommandWorld): Promise<number> {
  const calls = await callsAt(request, world, 'firehose');
  const json = request.json ?? !world.out.isTerminal;
  await runDeliveryCommand(request, { calls, json, say: sayOn(world.out) });
  return 0;
}
