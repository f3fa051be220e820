import type { Handler, HttpRequest, HttpResponse } from '../env/network.ts';
import type { Forward } from '../rpc/dispatch.ts';
import type { Caller } from '../rpc/operation.ts';
import { asksForPage } from '../rpc/page.ts';
import type { RecordsClient } from './records-client.ts';
import type { StreamNumber } from './requests.ts';

/**
 * What a front carries out itself: the data path, on the replica and the remote log. All else commits to the
 * catalog, or knows what only the owner knows, such as how often it was called.
 */
const ownOperations: ReadonlySet<string> = new Set([
  'PutRecord',
  'PutRecords',
  'GetRecords',
  'GetShardIterator',
]);

/** Has the owner carry out what a front does not. */
export function forwardTo(owner: RecordsClient): Forward {
  return ({ name }, request, caller) =>
    ownOperations.has(name) ? undefined : forward(owner, request, caller);
}

/** Has the owner answer what it alone knows and nobody signs, and leaves the rest to `handle`. */
export function withOwnersPages(handle: Handler, owner: RecordsClient): Handler {
  return (request) => {
    return asksForPage(request, '/ca.pem') ? forward(owner, request, undefined) : handle(request);
  };
}

async function forward(
  owner: RecordsClient,
  { body: bytes, ...request }: HttpRequest,
  caller: Caller | undefined,
): Promise<HttpResponse> {
  const { body: answer, bytes: body = empty } = await owner.ask('call', { ...request, caller }, bytes);
  const { pieces, ...head } = answer;
  return { ...head, body: pieces === undefined ? body : piecesFrom(owner, pieces) };
}

const empty = Buffer.alloc(0);

/** Asks for a piece when the one before was taken. */
function piecesFrom(owner: RecordsClient, pieces: StreamNumber): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const { bytes } = await owner.ask('next', pieces);
        return bytes === undefined ? { done: true, value: undefined } : { done: false, value: bytes };
      },
      async return() {
        await owner.ask('return', pieces);
        return { done: true, value: undefined };
      },
    }),
  };
}
