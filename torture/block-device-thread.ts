import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { DeviceData } from './block-device.ts';
import type { BlockEvent } from './block-trace.ts';
import { NbdSession } from './nbd-session.ts';

const { socket, content, count } = workerData as DeviceData;
const bytes = Buffer.from(content);
const counter = new Int32Array(count);
const events: BlockEvent[] = [];

/** Noted before it is answered: a client that saw an answer sees it counted. */
function note(event: BlockEvent): void {
  events.push(event);
  Atomics.store(counter, 0, events.length);
}

const device = {
  size: bytes.length,
  read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
  write: (offset: number, data: Buffer) => {
    data.copy(bytes, offset);
    note({ kind: 'write', offset, bytes: new Uint8Array(data) });
  },
  flush: () => note({ kind: 'flush' }),
};

const server = createServer((connection) => {
  const session = new NbdSession(device, (reply) => connection.write(reply));
  connection.on('data', (received: Buffer) => {
    if (!session.take(received)) connection.end();
  });
  connection.on('error', () => connection.destroy());
  session.greet();
});
server.listen(socket, () => parentPort!.postMessage('listening'));
parentPort!.on('message', () => parentPort!.postMessage(events));
