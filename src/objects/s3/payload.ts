import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Clock } from '../../env/clock.ts';

/** The body of a request, in one piece, and what proves on the other side that it arrived as it was. */
export type Payload = {
  readonly bytes: Uint8Array;
  /** In hex: what its signature covers. */
  readonly sha256: string;
  /** In base64, four bytes (S3 user guide, "Checking object integrity"). */
  readonly crc32: string;
};

/** Other work goes on while large bodies are added up. */
export async function payloadOf(pieces: readonly Uint8Array[], clock: Clock): Promise<Payload> {
  const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  const sha256 = createHash('sha256');
  let sum = 0;
  for (let at = 0; at < bytes.length; at += stepBytes) {
    if (at > 0) await clock.turn();
    const step = bytes.subarray(at, at + stepBytes);
    sha256.update(step);
    sum = crc32(step, sum);
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(sum);
  return { bytes, sha256: sha256.digest('hex'), crc32: checksum.toString('base64') };
}

/** About 1 ms of SHA-256. */
const stepBytes = 1024 * 1024;

export const noPayload: Payload = {
  bytes: new Uint8Array(),
  // Of nothing (RFC 6234).
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  crc32: 'AAAAAA==',
};
