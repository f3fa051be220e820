import { crc32 } from 'node:zlib';
import type { HttpResponse } from '../env/network.ts';
import type { Protocol } from './protocol.ts';

/**
 * A protocol whose answers say the CRC-32 of their body in `x-amz-crc32`, errors too: DynamoDB's clients
 * compare it.
 */
export function checksummed(protocol: Protocol): Protocol {
  return {
    ...protocol,
    answer: (value, operation, requestId) => withChecksum(protocol.answer(value, operation, requestId)),
    written: (body) => withChecksum(protocol.written(body)),
    refuse: (error, requestId) => withChecksum(protocol.refuse(error, requestId)),
  };
}

function withChecksum({ status, headers, body }: HttpResponse): HttpResponse {
  const checksum = checksumOf(body);
  return checksum === undefined
    ? { status, headers, body }
    : { status, headers: { ...headers, 'x-amz-crc32': String(checksum) }, body };
}

/** Undefined for what has no end yet. */
function checksumOf(body: HttpResponse['body']): number | undefined {
  if (typeof body === 'string' || body instanceof Uint8Array) return crc32(body);
  if (!Array.isArray(body)) return undefined;
  return body.reduce((checksum: number, piece: Buffer) => crc32(piece, checksum), 0);
}
