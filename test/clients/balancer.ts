import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createRelay, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/**
 * One address in front of several servers: each request goes to the next of them, as hard as can be for
 * servers that have to look like one. Where requests cannot be told apart (HTTP/2, TLS), each connection
 * does. A server that cannot be connected to is passed over.
 */
export type Balancer = AsyncDisposable & { readonly url: string };

/** `ports` are the servers', on loopback. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  let turn = 0;
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  const next = () => ports.map((_, index) => ports[(turn + index) % ports.length]!);
  const plain = createServer((asked, answer) => {
    const targets = next();
    turn++;
    forward(asked, answer, targets, agent);
  });
  const relay = createRelay((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      if (/^[A-Z]+ \//.test(first.toString('latin1'))) {
        plain.emit('connection', socket);
        socket.resume();
      } else {
        const targets = next();
        turn++;
        join(socket, targets);
      }
    });
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      relay.close();
      agent.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A server that ends in the middle ends the connection of whoever asked it. */
function forward(
  asked: IncomingMessage,
  answer: ServerResponse,
  [port, ...others]: readonly number[],
  agent: Agent,
): void {
  const { method, url: path, rawHeaders: headers } = asked;
  const onward = request({ host: '127.0.0.1', port, method, path, headers, agent });
  onward.once('response', (answered) => {
    answer.writeHead(answered.statusCode!, answered.rawHeaders);
    pipeline(answered, answer, () => {});
  });
  onward.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED' && others.length > 0) forward(asked, answer, others, agent);
    else answer.destroy();
  });
  answer.once('close', () => onward.destroy());
  // Nothing of the body is taken before there is somebody to take it.
  onward.once('socket', (socket) => {
    if (!socket.connecting) asked.pipe(onward);
    else socket.once('connect', () => asked.pipe(onward));
  });
}

function join(socket: Socket, [port, ...others]: readonly number[]): void {
  const server = connect(port!, '127.0.0.1');
  server.once('connect', () => pipeline(socket, server, socket, () => {}));
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED' && others.length > 0) join(socket, others);
    else socket.destroy();
  });
}
