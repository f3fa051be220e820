import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';

/** A message of `application/vnd.amazon.eventstream`. */
export type EventMessage = {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
};

/**
 * Takes whole messages apart, and checks lengths and checksums of each. Written apart from the server's
 * encoder.
 */
export function eventMessages(bytes: Buffer): EventMessage[] {
  const messages: EventMessage[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    messages.push(messageIn(bytes.subarray(at, at + bytes.readUInt32BE(at))));
  }
  return messages;
}

/** The whole messages that bytes begin with, and what is left of them. */
export function firstMessages(bytes: Buffer): { messages: EventMessage[]; rest: Buffer } {
  let end = 0;
  while (end + 4 <= bytes.length && end + bytes.readUInt32BE(end) <= bytes.length)
    end += bytes.readUInt32BE(end);
  return { messages: eventMessages(bytes.subarray(0, end)), rest: bytes.subarray(end) };
}

function messageIn(bytes: Buffer): EventMessage {
  const headersAt = 4 + 4 + 4; // length, length of the headers, checksum of both
  const end = bytes.length - 4;
  const payloadAt = headersAt + bytes.readUInt32BE(4);
  assert.equal(bytes.readUInt32BE(0), bytes.length);
  assert.equal(bytes.readUInt32BE(8), crc32(bytes.subarray(0, 8)));
  assert.equal(bytes.readUInt32BE(end), crc32(bytes.subarray(0, end)));
  return {
    headers: headersIn(bytes.subarray(headersAt, payloadAt)),
    payload: bytes.subarray(payloadAt, end),
  };
}

function headersIn(bytes: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at < bytes.length; ) {
    const typeAt = at + 1 + bytes[at]!;
    const valueAt = typeAt + 1 + 2;
    const end = valueAt + bytes.readUInt16BE(typeAt + 1);
    assert.equal(bytes[typeAt], 7, 'a string');
    headers[String(bytes.subarray(at + 1, typeAt))] = String(bytes.subarray(valueAt, end));
    at = end;
  }
  return headers;
}
