import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** A site that serves the page of attacks, under any name, until its name leads elsewhere. */
export interface EvilSite extends AsyncDisposable {
  readonly port: number;
  /**
   * From now on whoever asks for the site gets to another port of this machine: what DNS does when the owner
   * of a name points it there. The page that was loaded before has the same origin as what it meets now.
   */
  rebind(port: number): void;
}

export async function startEvilSite(): Promise<EvilSite> {
  const script = readFileSync(join(import.meta.dirname, 'attacks.mjs'));
  const pages = createHttpServer((request, response) => {
    const isScript = request.url === '/attacks.mjs';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><body><script src="/attacks.mjs"></script></body>');
  });
  const sockets = new Set<Socket>();
  let reboundTo: number | undefined;
  const door = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    if (reboundTo === undefined) {
      pages.emit('connection', socket);
      return;
    }
    const behind = connect(reboundTo, '127.0.0.1');
    behind.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => behind.destroy());
    socket.pipe(behind).pipe(socket);
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (door.address() as AddressInfo).port,
    rebind(port) {
      reboundTo = port;
      hangUp();
    },
    async [Symbol.asyncDispose]() {
      door.close();
      hangUp();
      await once(door, 'close');
    },
  };
}
