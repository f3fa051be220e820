import { strict as assert } from 'node:assert';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpResponse } from '../env/network.ts';
import { isPieces, lengthOf, type Pieces, writeWhole } from './pieces.ts';

/**
 * Writes an answer in HTTP/1.1, as node:http does. `isLast` says that the connection ends with it. A promise for an answer that
 * comes in pieces: it resolves when they are sent, or the client has gone.
 */
export function sendAnswer(
  socket: Socket,
  { status, headers, body }: HttpResponse,
  date: string,
  isLast: boolean,
): Promise<void> | undefined {
  const head = headOf(status, headers, date, isLast);
  if (isPieces(body)) {
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`, 'latin1');
    return sendChunks(body, socket);
  }
  const length = lengthOf(body);
  const start = `${head}Content-Length: ${length}\r\n\r\n`;
  // One string is one call of the system, and costs less than two parts. Latin-1 is byte for byte.
  if (Buffer.isBuffer(body) && length <= shortBytes) {
    socket.write(start + body.toString('latin1'), 'latin1');
    return undefined;
  }
  socket.cork();
  socket.write(start, 'latin1');
  writeWhole(body, socket);
  socket.uncork();
  return undefined;
}

const shortBytes = 4096;

function headOf(status: number, headers: HttpResponse['headers'], date: string, isLast: boolean): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (const name in headers) {
    const value = headers[name]!;
    // It would be the client's to say what comes next.
    assert(!controlCharacter.test(value));
    head += `${name}: ${value}\r\n`;
  }
  return `${head}Date: ${date}\r\n${isLast ? 'Connection: close\r\n' : ''}`;
}

const controlCharacter = /[^\t\x20-\x7e\x80-\xff]/;

/** As the client takes them. Tells the source when the client goes away; a source that fails ends the connection, so that it shows. */
async function sendChunks(pieces: Pieces, socket: Socket): Promise<void> {
  const source = pieces[Symbol.asyncIterator]();
  const leave = () => void source.return?.();
  const hangUp = () => void socket.destroy();
  if (socket.destroyed) leave();
  socket.once('close', leave).once('end', hangUp);
  try {
    for (let step = await source.next(); !step.done && !socket.destroyed; step = await source.next()) {
      writeChunk(socket, step.value);
      if (socket.writableNeedDrain) await drained(socket);
    }
    socket.write('0\r\n\r\n');
  } catch {
    hangUp();
  }
  socket.off('close', leave).off('end', hangUp);
}

/** RFC 9112 §7.1. */
function writeChunk(socket: Socket, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  socket.cork();
  socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1');
  socket.write(bytes);
  socket.write('\r\n', 'latin1');
  socket.uncork();
}

/** Resolves when the client has taken what was written, or is gone. */
export function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    socket.once('drain', done).once('close', done);
    function done() {
      socket.off('drain', done).off('close', done);
      resolve();
    }
  });
}
