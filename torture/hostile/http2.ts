/**
 * Frames of HTTP/2 (RFC 9113 §4, §6) and header blocks of HPACK without its tables (RFC 7541 §6.2.2): just
 * enough to say anything, in any order, right or wrong. A library would refuse to.
 */

export const frameTypes = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const endStream = 0x1;
export const endHeaders = 0x4;
export const acknowledged = 0x1;

export function frame(type: number, flags: number, stream: number, payload: Uint8Array = none): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const headBytes = 3 + 1 + 1 + 4; // length, type, flags, stream
const none = new Uint8Array(0);

/** How a client begins (RFC 9113 §3.4): its preface, and settings that leave all as it is. */
export const opening = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1'),
  frame(frameTypes.settings, 0, 0),
]);

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** A header block in one frame. */
export function headers(stream: number, list: HeaderList, flags = endHeaders): Buffer {
  return frame(frameTypes.headers, flags, stream, headerBlock(list));
}

export function headerBlock(list: HeaderList): Buffer {
  return Buffer.concat(list.flatMap(([name, value]) => [Buffer.of(0), literal(name), literal(value)]));
}

/** A text as it is, its length before it as an integer with a prefix of seven bits (RFC 7541 §5.1). */
function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const length: number[] = [];
  if (bytes.length < 127) length.push(bytes.length);
  else {
    length.push(127);
    let rest = bytes.length - 127;
    for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** The headers of a request, those of the message's own before the others. */
export function requestHeaders(
  authority: string,
  own: Readonly<Record<string, string>>,
  method = 'POST',
  path = '/',
): HeaderList {
  return [
    [':method', method],
    [':scheme', 'http'],
    [':path', path],
    [':authority', authority],
    ...Object.entries(own).map(([name, value]) => [name.toLowerCase(), value] as const),
  ];
}

export function reset(stream: number, code: number): Buffer {
  return frame(frameTypes.reset, 0, stream, uint32(code));
}

export function data(stream: number, bytes: Uint8Array, flags = 0): Buffer {
  return frame(frameTypes.data, flags, stream, bytes);
}

export function windowUpdate(stream: number, bytes: number): Buffer {
  return frame(frameTypes.windowUpdate, 0, stream, uint32(bytes));
}

export function ping(flags = 0): Buffer {
  return frame(frameTypes.ping, flags, 0, Buffer.alloc(8));
}

export function goAway(code: number): Buffer {
  return frame(frameTypes.goAway, 0, 0, Buffer.concat([uint32(0), uint32(code)]));
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Counts, by type, the frames that go by. */
export class FrameCounter {
  readonly counts = new Map<number, number>();
  #skip = 0;
  #head = Buffer.alloc(0);

  take(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, bytes.length - at);
        this.#skip -= step;
        at += step;
        continue;
      }
      const step = Math.min(headBytes - this.#head.length, bytes.length - at);
      this.#head = Buffer.concat([this.#head, bytes.subarray(at, at + step)]);
      at += step;
      if (this.#head.length < headBytes) return;
      const type = this.#head[3]!;
      this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
      this.#skip = this.#head.readUIntBE(0, 3);
      this.#head = Buffer.alloc(0);
    }
  }

  of(type: number): number {
    return this.counts.get(type) ?? 0;
  }
}
