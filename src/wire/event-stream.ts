import { crc32 } from 'node:zlib';

/** An event of a type in the operation's model. Its payload is JSON, whatever the request's encoding. */
export function encodeEvent(type: string, ...payload: readonly Uint8Array[]): Buffer {
  return encodeMessage(
    { ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' },
    ...payload,
  );
}

/** An error of the operation's model, the last message of a stream. */
export function encodeException(type: string, message: string): Buffer {
  return encodeMessage(
    { ':message-type': 'exception', ':exception-type': type, ':content-type': 'application/json' },
    Buffer.from(JSON.stringify({ message })),
  );
}

export const eventStreamType = 'application/vnd.amazon.eventstream';

/**
 * One message of `application/vnd.amazon.eventstream`, with string headers only (type 7), all numbers
 * big-endian:
 *
 *   u32 length of the message | u32 length of the headers | u32 CRC-32 of these 8 bytes
 *   per header: u8 length, name | u8 7 | u16 length, value
 *   payload, here in pieces
 *   u32 CRC-32 of all before it
 *
 * Smithy specification, "Amazon Event Stream".
 */
function encodeMessage(headers: Readonly<Record<string, string>>, ...payload: readonly Uint8Array[]): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const payloadBytes = payload.reduce((sum, { length }) => sum + length, 0);
  const message = Buffer.allocUnsafe(preludeBytes + head.length + payloadBytes + checksumBytes);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  message.set(head, preludeBytes);
  let end = preludeBytes + head.length;
  for (const piece of payload) {
    message.set(piece, end);
    end += piece.length;
  }
  message.writeUInt32BE(crc32(message.subarray(0, end)), end);
  return message;
}

const preludeBytes = 4 + 4 + 4;
const checksumBytes = 4;
const stringType = 7;

function encodeHeader(name: string, value: string): Buffer {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  const header = Buffer.allocUnsafe(1 + nameBytes.length + 1 + 2 + valueBytes.length);
  header.writeUInt8(nameBytes.length, 0);
  header.set(nameBytes, 1);
  header.writeUInt8(stringType, 1 + nameBytes.length);
  header.writeUInt16BE(valueBytes.length, 2 + nameBytes.length);
  header.set(valueBytes, 4 + nameBytes.length);
  return header;
}
