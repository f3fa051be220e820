import { sign } from '../access/sigv4/signer.ts';

type Order = NonNullable<Parameters<typeof sign>[0]>;

/**
 * Calls ListStreams with a signature of this moment, on a connection of its own. What `order` says about it
 * may be wrong.
 */
export async function signedCall(url: string, order: Order = {}): Promise<{ status: number; body: string }> {
  const request = await sign({
    at: Date.now(),
    body: '{}',
    headers: {
      host: new URL(url).host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.ListStreams',
      connection: 'close',
    },
    ...order,
  });
  const { method, rawHeaders, body } = request;
  const headers: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.push([rawHeaders[index]!, rawHeaders[index + 1]!]);
  }
  const answer = await fetch(url, { method, headers: headers.filter(([name]) => !ofFetch.has(name)), body });
  return { status: answer.status, body: await answer.text() };
}

/** Headers that fetch sets by itself. */
const ofFetch: ReadonlySet<string> = new Set(['host', 'connection', 'content-length']);
