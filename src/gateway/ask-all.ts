import type { Clock, Millis } from '../env/clock.ts';
import type { Peers } from './peers.ts';
import type { RecordsClient } from './records-client.ts';

/**
 * What all other gateways tell that can be asked, together. One that stands still is not waited for longer
 * than a second: who looks, looks again. Never rejects, as `ask` does not (`RecordsClient.askUntil`).
 */
export async function askAll<Told>(
  { links }: Pick<Peers, 'links'>,
  clock: Pick<Clock, 'sleep'>,
  ask: (client: RecordsClient, signal: AbortSignal) => Promise<readonly Told[] | undefined>,
): Promise<Told[]> {
  const over = new AbortController();
  const late = clock.sleep(patienceMs, over.signal).then(() => over.abort(null));
  const told = await Promise.all(links.map(({ client }) => ask(client, over.signal)));
  over.abort(null);
  await late;
  return told.flatMap((answer) => answer ?? []);
}

const patienceMs: Millis = 1_000;
