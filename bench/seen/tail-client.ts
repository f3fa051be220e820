import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { EventReader } from '../../console/api/event-reader.ts';
import { dayKey, dayOf, signedHeaders } from '../../console/api/sigv4.ts';
import { credentials, region } from '../../harness/signer.ts';

/** Tells the name and the data of each event of a stream's tail from LATEST on. */
export async function openTail(
  port: number,
  stream: string,
  heard: (event: string, data: string) => void,
): Promise<{ close(): void }> {
  const path = `/streams/${stream}/tail`;
  const asked = request({ port, host: '127.0.0.1', path, headers: signed(port, path) });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`tail: ${answer.statusCode}`);
  const reader = new EventReader();
  answer.setEncoding('utf8').on('data', (text: string) => {
    for (const { event, data } of reader.read(text)) heard(event, data);
  });
  // What is closed here breaks off.
  answer.on('error', () => {});
  return { close: () => asked.destroy() };
}

/** How many bytes a page has. */
export async function getPage(port: number, path: string): Promise<number> {
  const asked = request({ port, host: '127.0.0.1', path });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`);
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) bytes += chunk.length;
  return bytes;
}

function signed(port: number, path: string): Record<string, string> {
  const headers = { host: `127.0.0.1:${port}` };
  const now = Date.now();
  const { accessKeyId, secretAccessKey } = credentials;
  const signer = { accessKeyId, region, service: 'millrace', dayKey: dayKey(secretAccessKey, dayOf(now)) };
  return signedHeaders({ method: 'GET', path, query: [], headers, body: '' }, signer, now);
}
