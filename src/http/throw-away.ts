import type { Socket } from 'node:net';
import { detached } from '../env/detached.ts';
import type { HttpContext } from './http-context.ts';

/**
 * Reads what still comes of a connection, and forgets it: so a client that sends all that it has before it
 * reads sees its answer. One read a turn, because a client may send faster than memory is collected.
 */
export function throwAway(socket: Socket, { turn, failed }: Pick<HttpContext, 'turn' | 'failed'>): void {
  const readOn = async () => {
    await turn();
    socket.resume();
  };
  socket.on('data', () => {
    socket.pause();
    detached(readOn(), failed);
  });
  socket.resume();
}
