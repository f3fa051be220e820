import { strict as assert } from 'node:assert';
import type { WrappedKey } from '../../data-keys.ts';

/**
 * The payload of a key frame, whose header has the key's id:
 *
 *   u16 length of the ARN | u16 reserved, 0 | the ARN in ASCII | the wrapped key
 */
export function encodeKey({ arn, wrapped }: WrappedKey): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt16BE(arn.length, 0);
  return Buffer.concat([head, Buffer.from(arn, 'ascii'), wrapped]);
}

/** The key is a copy: it outlives the payload. */
export function decodeKey(id: number, payload: Buffer): WrappedKey {
  const end = headBytes + payload.readUInt16BE(0);
  assert(end <= payload.length);
  return { id, arn: payload.toString('ascii', headBytes, end), wrapped: Buffer.from(payload.subarray(end)) };
}

const headBytes = 2 + 2;
