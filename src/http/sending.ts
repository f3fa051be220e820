import type { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';
import { detached } from '../env/detached.ts';
import { type BodyStream, partsOf, slicesOf, type Whole } from './body-writer.ts';
import type { Unsent } from './unsent.ts';

/** Where the body of one answer goes, after its head: a connection, or one stream of it. */
export type Line = {
  /**
   * Writes parts of the body, the last ones or not; `taken` is called when they have left, or cannot any
   * more.
   */
  readonly write: (parts: readonly Uint8Array[], isLast: boolean, taken: () => void) => void;
  /** Closes when the client has gone, or everything was sent. */
  readonly client: EventEmitter & { readonly destroyed: boolean };
  /** Ends the connection or stream at once, so that the client sees that it was not the whole answer. */
  readonly hangUp: () => void;
};

/**
 * A longer body is written slice by slice: so it shows whether the client takes it, and the connection can be
 * ended in between.
 */
export const largeBytes = 256 * 1024;
/**
 * A client that takes this much in three seconds, 43 KiB/s, does not count as standing still when memory is
 * short.
 */
const sliceBytes = 128 * 1024;

/** Sends a complete body. Resolves when all of it has left, or the client has gone. */
export async function sendWhole(body: Whole, line: Line, unsent: Unsent): Promise<void> {
  const parts = partsOf(body);
  const held = unsent.hold(parts, line.hangUp);
  const slices = slicesOf(parts, sliceBytes);
  for (const [index, slice] of slices.entries()) {
    await written(slice, index === slices.length - 1, line);
    if (line.client.destroyed) break;
    unsent.moved(held);
  }
  unsent.done(held);
}

/**
 * Sends pieces as the client takes them, the next one when the one before has left. Resolves when they are
 * sent, or the client has gone, which the source is told once. A source that fails ends the connection, so
 * that the client notices.
 */
export async function sendPieces(pieces: BodyStream, line: Line, unsent: Unsent): Promise<void> {
  const source = pieces[Symbol.asyncIterator]();
  let isOver = false;
  const leave = () => {
    if (isOver) return;
    isOver = true;
    detached(tell(source), ignore);
  };
  line.client.once('close', leave);
  try {
    // The client may be gone before its close says so.
    while (!isOver && !line.client.destroyed) {
      const step = await source.next();
      if (isOver) break;
      isOver = step.done === true;
      if (step.done) await written([], true, line);
      else if (step.value.length > 0) await deliver(step.value, line, unsent);
    }
  } catch {
    isOver = true;
    line.hangUp();
  }
  leave();
  line.client.off('close', leave);
}

/** Tells a source that its pieces are no longer taken. What it does then is its own affair. */
async function tell(source: AsyncIterator<Uint8Array>): Promise<void> {
  await source.return?.();
}

/** The client has gone: a source that fails now fails for no answer. */
function ignore(): void {}

/** Tells a source that its answer is not even begun. */
export function abandon(pieces: BodyStream): void {
  detached(tell(pieces[Symbol.asyncIterator]()), ignore);
}

async function deliver(piece: Uint8Array, line: Line, unsent: Unsent): Promise<void> {
  const held = unsent.hold([piece], line.hangUp);
  await written([piece], false, line);
  unsent.done(held);
}

/** Resolves when these parts have left, or the client has gone. */
function written(parts: readonly Uint8Array[], isLast: boolean, { client, write }: Line): Promise<void> {
  return new Promise((resolve) => {
    if (client.destroyed) return resolve();
    const taken = () => {
      client.off('close', taken);
      resolve();
    };
    client.once('close', taken);
    write(parts, isLast, taken);
  });
}

/**
 * Waits until everything that was written to a line has left. Of all that, these parts take the most memory.
 */
export async function drained(parts: readonly Uint8Array[], line: Line, unsent: Unsent): Promise<void> {
  const held = unsent.hold(parts, line.hangUp);
  await written([], false, line);
  unsent.done(held);
}

/** Corked, the system is called once for all parts. `taken` comes with the last one. */
export function writeParts(
  out: Writable,
  parts: readonly Uint8Array[],
  isLast: boolean,
  taken: () => void,
): void {
  const all = parts.length - 1;
  out.cork();
  for (let index = 0; index < all; index++) out.write(parts[index]);
  if (isLast) out.end(parts[all] ?? nothing, taken);
  else out.write(parts[all] ?? nothing, taken);
  out.uncork();
}

const nothing = Buffer.alloc(0);
