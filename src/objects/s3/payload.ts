import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { byteSteps } from '../../env/byte-steps.ts';
import type { Clock } from '../../env/clock.ts';

/** The body of a request, in one piece, and what proves on the other side that it arrived as it was. */
export type Payload = {
  readonly bytes: Uint8Array;
  /** In hex: what its signature covers. */
  readonly sha256: string;
  /** In base64, four bytes (S3 user guide, "Checking object integrity"). */
  readonly crc32: string;
};

/** Other work goes on while large bodies are put together and added up. */
export async function payloadOf(pieces: readonly Uint8Array[], clock: Clock): Promise<Payload> {
  const bytes = pieces.length === 1 ? pieces[0]! : Buffer.allocUnsafeSlow(bytesIn(pieces));
  const sha256 = createHash('sha256');
  let sum = 0;
  let at = 0;
  for await (const step of byteSteps(pieces, clock)) {
    if (pieces.length > 1) bytes.set(step, at);
    at += step.length;
    sha256.update(step);
    sum = crc32(step, sum);
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(sum);
  return { bytes, sha256: sha256.digest('hex'), crc32: checksum.toString('base64') };
}

function bytesIn(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

export const noPayload: Payload = {
  bytes: new Uint8Array(),
  // Of nothing (RFC 6234).
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  crc32: 'AAAAAA==',
};
