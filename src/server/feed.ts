import type { Socket } from 'node:net';

/**
 * Gives node:http what a connection says in slices. It would otherwise hand out all requests of a read at once, thousands of
 * them, each with its objects, before the first is answered. While `isEnough`, it gets no more; whoever set that lets the connection
 * resume when it is no longer so. `fail` hears what node:http throws, and ends the connection.
 */
export function feedInSlices(socket: Socket, isEnough: () => boolean, fail: (error: unknown) => void): void {
  const [feed] = socket.listeners('data') as [Hear];
  let rest: NonSharedBuffer | undefined;
  let isHeld = false;
  const go = () => {
    while (rest !== undefined && !isEnough() && !socket.destroyed && !isPausedByNode(socket)) {
      const slice = rest.subarray(0, sliceBytes);
      rest = rest.length > sliceBytes ? rest.subarray(sliceBytes) : undefined;
      try {
        feed.call(socket, slice);
      } catch (error) {
        fail(error);
      }
    }
    if (rest !== undefined) {
      isHeld = true;
      socket.pause();
    } else if (isHeld) {
      isHeld = false;
      socket.resume();
    }
  };
  const hear: Hear = (bytes) => {
    rest = rest === undefined ? bytes : Buffer.concat([rest, bytes]);
    go();
  };
  // From the first listener of its data on, node:http reads through it, and no longer past it (Node's lib/_http_server.js, `unconsume`).
  socket.on('data', hear).off('data', feed);
  socket.on('resume', () => {
    // No more is read before what is here was handed on.
    if (rest !== undefined) go();
  });
}

type Hear = (bytes: NonSharedBuffer) => void;

/** Its listener may not be called while it waits for a client to take what was answered (`_paused` in the same file). */
function isPausedByNode(socket: Socket): boolean {
  return (socket as { _paused?: boolean })._paused === true;
}

/** The shortest requests have 20 bytes. */
const sliceBytes = 2048;
