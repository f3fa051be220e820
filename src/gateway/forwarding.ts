import type { Clock } from '../env/clock.ts';
import type { HttpResponse } from '../env/network.ts';
import type { Owner } from '../rpc/dispatch.ts';
import { type Freshness, KeptFreshness } from '../rpc/freshness.ts';
import type { Answer, RecordsClient } from './records-client.ts';
import type { ForwardedAnswer } from './requests.ts';

/** The owner as a dispatcher knows it: it carries out what operations and pages declare to be its own. */
export function remoteOwner(client: RecordsClient): Owner {
  return {
    call: async (call, body) => answerOf(await client.ask('call', call, body)),
    page: async (path, asked) => answerOf(await client.ask('page', { path, asked })),
  };
}

/**
 * What other gateways have answered, in a worker: by the time that the owner has it, so have its replicas.
 */
export function remoteFreshness(client: RecordsClient, clock: Pick<Clock, 'monotonic'>): Freshness {
  return new KeptFreshness(async () => {
    await client.ask('current', undefined);
  }, clock);
}

function answerOf({ body: head, bytes = empty }: Answer<ForwardedAnswer>): HttpResponse {
  return { ...head, body: bytes };
}

const empty = Buffer.alloc(0);
