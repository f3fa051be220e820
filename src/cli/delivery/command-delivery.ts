import { createHttpClient } from '../../http/client.ts';
import { nodeEnv } from '../../server/node-env.ts';
import { callsOf } from '../function/function-place.ts';
import { onlineAt, type Surroundings } from '../user/user-place.ts';
import { type DeliveryCommandWorld, runDeliveryCommand } from './delivery.ts';
import type { DeliveryRequest } from './delivery-request.ts';

/** What shows it: a terminal or not. */
export type DeliveryOutput = Pick<DeliveryCommandWorld, 'say'> & { readonly isTerminal: boolean };

/** Asks a server about its deliveries, and says what it answers. Rejects as `runDeliveryCommand`. */
export async function commandDelivery(
  request: DeliveryRequest,
  surroundings: Surroundings,
  { isTerminal, say }: DeliveryOutput,
): Promise<void> {
  const { clock } = nodeEnv({ data: '.', logLevel: 'error' });
  const online = await onlineAt(request.endpoint, surroundings, 'FIREHOSE');
  const calls = callsOf(online, createHttpClient({ timeoutMs, bodyBytesMax }), clock);
  await runDeliveryCommand(request, { calls, json: request.json ?? !isTerminal, say });
}

const timeoutMs = 60_000;

/** 5,000 delivery streams and 100 channels, at a kilobyte each, with room. */
const bodyBytesMax = 32 * 1024 * 1024;
