import { setTimeout as sleep } from 'node:timers/promises';
import type { ListStreamSightsAnswer } from '../../src/services/millrace/sights.ts';
import { Client } from '../client.ts';
import { millrace, openTail } from './tail-client.ts';

/** What a console asks of a server while three of its pages are open. */
export type OpenPages = { readonly stream: string; readonly tailed: string };

/**
 * Asks as the console's pages do, as often as they do (console/pages/): all streams each 2 s in pages of 100,
 * one stream each second, and a tail. Resolves to what closes it; that rejects when one of them failed.
 */
export async function openConsole(port: number, { stream, tailed }: OpenPages): Promise<() => Promise<void>> {
  const closing = new AbortController();
  const { signal } = closing;
  const client = await Client.open(port, millrace);
  const other = await Client.open(port, millrace);
  const tail = await openTail(port, tailed, () => {});
  const asked = Promise.all([
    repeated(2_000, signal, () => listAll(client)),
    repeated(1_000, signal, () => other.callRaw('GetStreamSight', { StreamName: stream })),
  ]);
  return async () => {
    closing.abort();
    tail.close();
    await asked;
    client.close();
    other.close();
  };
}

async function repeated(everyMs: number, signal: AbortSignal, ask: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    await ask();
    // Aborting ends the wait.
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}

/** All pages of the list. */
export async function listAll(client: Client): Promise<number> {
  let streams = 0;
  let token: string | undefined;
  do {
    const input = token === undefined ? {} : { NextToken: token };
    const page = (await client.call('ListStreamSights', input)) as ListStreamSightsAnswer;
    streams += page.Streams.length;
    token = page.NextToken;
  } while (token !== undefined);
  return streams;
}
