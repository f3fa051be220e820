import type { HttpResponse } from '../env/network.ts';
import type { Owner } from '../rpc/dispatch.ts';
import type { Answer, RecordsClient } from './records-client.ts';
import type { ForwardedAnswer, StreamNumber } from './requests.ts';

/** The owner as a dispatcher knows it: it carries out what operations and pages declare to be its own. */
export function remoteOwner(client: RecordsClient): Owner {
  return {
    call: async (call, body) => answerOf(client, await client.ask('call', call, body)),
    page: async (path) => answerOf(client, await client.ask('page', path)),
  };
}

function answerOf(
  client: RecordsClient,
  { body: { pieces, ...head }, bytes = empty }: Answer<ForwardedAnswer>,
): HttpResponse {
  return { ...head, body: pieces === undefined ? bytes : piecesFrom(client, pieces) };
}

const empty = Buffer.alloc(0);

/** Asks for a piece once the one before was taken. */
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
