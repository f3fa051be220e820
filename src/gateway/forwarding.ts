import type { HttpResponse } from '../env/network.ts';
import type { Owner } from '../rpc/dispatch.ts';
import type { Answer, RecordsClient } from './records-client.ts';
import type { ForwardedAnswer } from './requests.ts';

/** The owner as a dispatcher knows it: it carries out what operations and pages declare to be its own. */
export function remoteOwner(client: RecordsClient): Owner {
  return {
    call: async (call, body) => answerOf(await client.ask('call', call, body)),
    page: async (path) => answerOf(await client.ask('page', path)),
  };
}

function answerOf({ body: head, bytes = empty }: Answer<ForwardedAnswer>): HttpResponse {
  return { ...head, body: bytes };
}

const empty = Buffer.alloc(0);
