import { strict as assert } from 'node:assert';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpResponse } from '../env/network.ts';
import { type BodyStream, isBodyStream, lengthOf, partsOf } from './body-writer.ts';
import { abandon, drained, type Line, largeBytes, sendPieces, sendWhole, writeParts } from './sending.ts';
import type { Unsent } from './unsent.ts';

/**
 * Writes an answer in HTTP/1.1, as node:http does. `isLast` says that the connection ends with it. Answers a
 * promise when not all of it leaves at once: it resolves when it has left, or the client has gone.
 */
export function sendAnswer(
  socket: Socket,
  { status, headers, body }: HttpResponse,
  { date, isLast, unsent }: { readonly date: string; readonly isLast: boolean; readonly unsent: Unsent },
): Promise<void> | undefined {
  if (socket.destroyed) {
    if (isBodyStream(body)) abandon(body);
    return undefined;
  }
  const head = headOf(status, headers, date, isLast);
  if (isBodyStream(body)) {
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`, 'latin1');
    return sendChunks(body, socket, unsent);
  }
  const length = lengthOf(body);
  const start = `${head}Content-Length: ${length}\r\n\r\n`;
  // One string is one call of the system, and costs less than two parts. Latin-1 is byte for byte.
  if (Buffer.isBuffer(body) && length <= shortBytes) {
    socket.write(start + body.toString('latin1'), 'latin1');
  } else {
    socket.cork();
    socket.write(start, 'latin1');
    if (length > largeBytes) {
      const sent = sendWhole(body, lineOf(socket), unsent);
      socket.uncork();
      return sent;
    }
    for (const part of partsOf(body)) socket.write(part);
    socket.uncork();
  }
  return socket.writableLength > waitingBytesMax ? drained(partsOf(body), lineOf(socket), unsent) : undefined;
}

const shortBytes = 4096;

/**
 * While a client has more than this of its answers still to take, no further request of its connection is
 * read.
 */
const waitingBytesMax = 4096;

function headOf(status: number, headers: HttpResponse['headers'], date: string, isLast: boolean): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (const name in headers) {
    const value = headers[name]!;
    // A value with a line break would let a client write what comes next.
    assert(!controlCharacter.test(value));
    head += `${name}: ${value}\r\n`;
  }
  return `${head}Date: ${date}\r\n${isLast ? 'Connection: close\r\n' : ''}`;
}

const controlCharacter = /[^\t\x20-\x7e\x80-\xff]/;

function lineOf(socket: Socket): Line {
  return {
    // The connection goes on after the last part.
    write: (parts, _isLast, taken) => writeParts(socket, parts, false, taken),
    client: socket,
    hangUp: () => {
      socket.destroy();
    },
  };
}

/** Sends pieces as the client takes them. A client that has ended its half takes none any more. */
async function sendChunks(pieces: BodyStream, socket: Socket, unsent: Unsent): Promise<void> {
  const line = lineOf(socket);
  if (socket.readableEnded) {
    abandon(pieces);
    return line.hangUp();
  }
  socket.once('end', line.hangUp);
  const write: Line['write'] = (parts, isLast, taken) =>
    line.write(isLast ? [lastChunk] : chunkOf(parts[0]!), isLast, taken);
  await sendPieces(pieces, { ...line, write }, unsent);
  socket.off('end', line.hangUp);
}

// RFC 9112 §7.1.
const lineEnd = Buffer.from('\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

function chunkOf(bytes: Uint8Array): Uint8Array[] {
  return [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, lineEnd];
}
