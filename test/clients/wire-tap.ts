import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A relay in front of a server that notes which protocol each connection opens with. */
export type WireTap = AsyncDisposable & { readonly url: string; readonly heard: ReadonlySet<string> };

export async function tapWire(url: string): Promise<WireTap> {
  const { hostname, port } = new URL(url);
  const heard = new Set<string>();
  const sockets = new Set<Socket>();
  const relay = createServer((socket) => {
    sockets.add(socket);
    socket.once('data', (first) => {
      heard.add(first.toString('latin1').startsWith(prefaceHttp2) ? 'HTTP/2' : 'HTTP/1.1');
      const server = connect(Number(port), hostname);
      server.write(first);
      const ended = () => sockets.delete(socket);
      pipeline(socket, server, socket, ended);
    });
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    heard,
    async [Symbol.asyncDispose]() {
      relay.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** RFC 9113 §3.4, its first line. */
const prefaceHttp2 = 'PRI * HTTP/2.0\r\n';
