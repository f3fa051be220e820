import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type SignedService, Signer } from '../../harness/signer.ts';

export const millrace: SignedService = {
  scope: 'millrace',
  prefix: 'Millrace_20261129',
  contentType: 'application/x-amz-json-1.1',
};

/** Tells the name and the data of each event of a stream's tail from LATEST on. */
export async function openTail(
  port: number,
  stream: string,
  heard: (event: string, data: string) => void,
): Promise<{ close(): void }> {
  const path = `/streams/${stream}/tail`;
  const headers = new Signer(port, undefined, millrace).pathHeaders(path);
  const asked = request({ port, host: '127.0.0.1', path, headers });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`tail: ${answer.statusCode}`);
  let rest = '';
  answer.setEncoding('utf8').on('data', (text: string) => {
    const events = (rest + text).split('\n\n');
    rest = events.pop()!;
    for (const event of events) heard(lineOf(event, 'event'), lineOf(event, 'data'));
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

/** What a field of an event says; each has but one line of it. */
function lineOf(event: string, field: string): string {
  return new RegExp(`^${field}: (.*)$`, 'm').exec(event)?.[1] ?? '';
}
