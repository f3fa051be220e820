import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';

export type EventFrame = {
  /** `:event-type`, or `:exception-type`. */
  readonly type: string;
  readonly payload: Buffer;
};

/**
 * Cuts the bytes of `application/vnd.amazon.eventstream` into its messages and checks both checksums of each;
 * throws when one is wrong. Smithy specification, "Amazon Event Stream". Written apart from the server's own
 * encoder.
 */
export class EventFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** The messages that these bytes complete. */
  take(chunk: Buffer): EventFrame[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: EventFrame[] = [];
    let at = 0;
    while (bytes.length - at >= preludeBytes) {
      const length = bytes.readUInt32BE(at);
      const prelude = bytes.subarray(at, at + preludeBytes);
      assert.equal(crc32(prelude.subarray(0, 8)), prelude.readUInt32BE(8), 'the checksum of a prelude');
      if (bytes.length - at < length) break;
      frames.push(parseFrame(bytes.subarray(at, at + length)));
      at += length;
    }
    this.#rest = bytes.subarray(at);
    return frames;
  }
}

/** Lengths of the message and of its headers, and their checksum. */
const preludeBytes = 4 + 4 + 4;

function parseFrame(message: Buffer): EventFrame {
  const end = message.length - 4;
  assert.equal(crc32(message.subarray(0, end)), message.readUInt32BE(end), 'the checksum of a message');
  const payloadAt = preludeBytes + message.readUInt32BE(4);
  const headers = parseHeaders(message.subarray(preludeBytes, payloadAt));
  const type = headers.get(':event-type') ?? headers.get(':exception-type') ?? '';
  return { type, payload: message.subarray(payloadAt, end) };
}

/** Strings only: Kinesis sends nothing else. */
function parseHeaders(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const valueAt = at + 1 + bytes.readUInt8(at) + 1 + 2;
    const end = valueAt + bytes.readUInt16BE(valueAt - 2);
    headers.set(bytes.toString('utf8', at + 1, valueAt - 3), bytes.toString('utf8', valueAt, end));
    at = end;
  }
  return headers;
}
