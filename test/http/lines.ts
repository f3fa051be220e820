import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../../src/env/clock.ts';
import type { Handler, Listening } from '../../src/env/network.ts';
import { listen } from './raw-client.ts';
import { localAuthority } from './tls/local-server.ts';

/** The ways in which a request may come: each is served by other code. */
export const lines = ['plain', 'node:http', 'HTTP/2'].flatMap((speech) =>
  [false, true].map((tls) => ({ name: tls ? `${speech} over TLS` : speech, speech, tls })),
);
export type Kind = (typeof lines)[number];

const authority = localAuthority();

/** A listener that shows a certificate to clients that come with TLS. */
export function listenTo(handle: Handler, logged: string[] = [], clock?: Clock) {
  return listen(handle, logged, clock, authority.identity);
}

/** One request on a connection of its own. Its answer is not read before the test reads `answer`. */
export type Asked = { readonly socket: Socket; readonly answer: Duplex };

/** Connects; resolves when bytes can be said. */
export async function connected(
  { endpoint }: Pick<Listening, 'endpoint'>,
  tls: boolean,
  speech = '',
): Promise<Socket> {
  const { port, host } = endpoint;
  const socket = tls
    ? connectTls({
        port,
        host,
        rejectUnauthorized: false,
        ALPNProtocols: [speech === 'HTTP/2' ? 'h2' : 'http/1.1'],
      })
    : connect({ port, host });
  socket.on('error', () => {});
  await once(socket, tls ? 'secureConnect' : 'connect');
  return socket;
}

/** Posts `{}` to a path. */
export async function ask(
  server: Pick<Listening, 'endpoint'>,
  { speech, tls }: Kind,
  path = '/',
): Promise<Asked> {
  const socket = await connected(server, tls, speech);
  if (speech === 'HTTP/2') {
    const session = connectHttp2('http://x', { createConnection: () => socket });
    session.on('error', () => {});
    const answer = session.request({ ':method': 'POST', ':path': path });
    answer.on('error', () => {});
    answer.end('{}');
    return { socket, answer };
  }
  const length =
    speech === 'plain'
      ? 'Content-Length: 2\r\n\r\n{}'
      : 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n';
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${length}`);
  return { socket, answer: socket };
}
