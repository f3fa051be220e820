/** Requests of HTTP/1.1 as text, whole or in pieces, right or wrong. Nothing here opens a connection. */

/** A request of a stranger: no signature. It is refused, but only after it was read. */
export function strangeRequest(bodyBytes: number): Buffer {
  return Buffer.concat([strangeHead(bodyBytes), Buffer.alloc(bodyBytes, 'x')]);
}

/** Its head, with whatever else is in it; `bodyBytes` undefined for a body in chunks. */
export function strangeHead(bodyBytes: number | undefined, more: readonly string[] = []): Buffer {
  const framing = bodyBytes === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${bodyBytes}`;
  const lines = [
    'POST / HTTP/1.1',
    'Host: stranger',
    'Content-Type: application/x-amz-json-1.1',
    'X-Amz-Target: Kinesis_20131202.PutRecord',
    ...more,
    framing,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** A request with headers of its own; the body in chunks of one byte each. */
export function bodyInOneByteChunks(bytes: Uint8Array): Buffer {
  const chunk = Buffer.from('1\r\nx\r\n', 'latin1');
  const all = Buffer.allocUnsafe(bytes.length * chunk.length);
  for (let at = 0; at < bytes.length; at++) {
    chunk[3] = bytes[at]!;
    all.set(chunk, at * chunk.length);
  }
  return Buffer.concat([all, Buffer.from('0\r\n\r\n', 'latin1')]);
}

/** A signed request, or any, with its headers and its body apart. `length` as in `strangeHead`. */
export function headOf(
  port: number,
  headers: Readonly<Record<string, string>>,
  more: readonly string[],
): Buffer {
  const lines = [
    'POST / HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...more,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

export const healthRequest = Buffer.from('GET /health HTTP/1.1\r\nHost: stranger\r\n\r\n', 'latin1');

/**
 * How many answers begin in these bytes; none is cut where it would matter, because a head is short and comes
 * whole.
 */
export function answersIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(answerStart); at !== -1; at = bytes.indexOf(answerStart, at + 1)) count++;
  return count;
}

const answerStart = Buffer.from('HTTP/1.1 ', 'latin1');
