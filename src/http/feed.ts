import type { Socket } from 'node:net';
import type { Pipelined } from './pipelined.ts';

/** Decides how much of its input a connection gives to node:http. */
type Appetite = {
  /**
   * While node:http has enough, it gets no more. The code that decides this resumes the connection
   * afterwards.
   */
  readonly hasEnough: () => boolean;
  /** Is called with what node:http throws, and ends the connection. */
  readonly fail: (error: unknown) => void;
};

/**
 * Gives node:http the input of a connection in slices. It would otherwise hand out all requests of a read at
 * once, thousands of them, each with its objects, before the first is answered. What waits is counted by
 * `held`; a connection for which there is no room ends. Answers a function that ends the feeding.
 */
export function feedInSlices(socket: Socket, held: Pipelined, { hasEnough, fail }: Appetite): () => void {
  const [feed] = socket.listeners('data') as [Hear];
  let rest: NonSharedBuffer | undefined;
  let isHeld = false;
  const go = () => {
    while (rest !== undefined && !hasEnough() && !socket.destroyed && !isPausedByNode(socket)) {
      const slice = rest.subarray(0, sliceBytes);
      rest = rest.length > sliceBytes ? rest.subarray(sliceBytes) : undefined;
      try {
        feed.call(socket, slice);
      } catch (error) {
        fail(error);
      }
    }
    if (socket.destroyed) {
      rest = undefined;
      held.release();
    } else if (rest !== undefined) {
      isHeld = true;
      if (held.hold(rest.length)) socket.pause();
      else socket.destroy();
    } else if (isHeld) {
      isHeld = false;
      held.release();
      socket.resume();
    }
  };
  const hear: Hear = (bytes) => {
    rest = rest === undefined ? bytes : Buffer.concat([rest, bytes]);
    go();
  };
  // From the first listener of its data on, node:http reads through it, and no longer past it (Node's
  // lib/_http_server.js, `unconsume`).
  socket.on('data', hear).off('data', feed);
  socket.on('resume', () => {
    // No more is read before what is here has been handed on.
    if (rest !== undefined) go();
  });
  socket.once('close', () => held.release());
  return () => {
    rest = undefined;
    socket.off('data', hear);
  };
}

type Hear = (bytes: NonSharedBuffer) => void;

/**
 * node:http's listener may not be called while it waits for a client to take what was answered (`_paused` in
 * the same file).
 */
function isPausedByNode(socket: Socket): boolean {
  return (socket as { _paused?: boolean })._paused === true;
}

/** The shortest requests have 20 bytes. */
const sliceBytes = 2048;
