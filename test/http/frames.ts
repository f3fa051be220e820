/** HTTP/2, byte by byte (RFC 9113), for what no client says. */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const types = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  windowUpdate: 8,
  continuation: 9,
} as const;
export const flags = { ack: 1, endStream: 1, endHeaders: 4 } as const;

export function frame(
  type: number,
  flagBits: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flagBits, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

export const emptySettings = frame(types.settings, 0, 0);

/** A setting (RFC 9113 §6.5.2). */
export function settings(identifier: number, value: number): Buffer {
  const payload = Buffer.alloc(6);
  payload.writeUInt16BE(identifier, 0);
  payload.writeUInt32BE(value, 2);
  return frame(types.settings, 0, 0, payload);
}

/** A header block of literals that no table keeps (RFC 7541 §6.2.2). */
export function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  const all = { ':method': 'POST', ':scheme': 'http', ':path': '/', ':authority': 'x', ...headers };
  const literal = (text: string) => Buffer.from([text.length, ...Buffer.from(text, 'latin1')]);
  return Buffer.concat(
    Object.entries(all).flatMap(([name, value]) => [Buffer.of(0), literal(name), literal(value)]),
  );
}

/** Begins a stream; nothing follows its header with `endStream`. */
export function request(
  stream: number,
  headers: Readonly<Record<string, string>> = {},
  { endStream = true } = {},
): Buffer {
  const bits = flags.endHeaders | (endStream ? flags.endStream : 0);
  return frame(types.headers, bits, stream, headerBlock(headers));
}

export function reset(stream: number, code: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(code);
  return frame(types.reset, 0, stream, payload);
}
