import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import { malformed } from './reader.ts';

/**
 * Inflates a body in gzip (RFC 1952; smithy.io, "requestCompression trait"). SerializationException for a
 * broken body, and for one that holds more than `bytesMax`, of which no more than that is ever inflated.
 * Small bodies are inflated at once, others by the platform's threads.
 */
export async function inflate(body: Buffer, bytesMax: number): Promise<Buffer> {
  try {
    if (body.length <= atOnceMax && bytesMax > atOnceInflatedMax) {
      const inflated = inflateAtOnce(body);
      if (inflated !== undefined) return inflated;
    }
    return await inflateElsewhere(body, { maxOutputLength: bytesMax });
  } catch (error) {
    throw isBrokenOrTooLong(error) ? malformed() : error;
  }
}

/** Undefined when the body holds more than is inflated at once. */
function inflateAtOnce(body: Buffer): Buffer | undefined {
  try {
    return gunzipSync(body, { maxOutputLength: atOnceInflatedMax });
  } catch (error) {
    if (codeOf(error) === tooLong) return undefined;
    throw error;
  }
}

const inflateElsewhere = promisify(gunzip) as (
  body: Buffer,
  options: { readonly maxOutputLength: number },
) => Promise<Buffer>;

/** This much takes a fraction of a millisecond, as long as waiting for a thread. */
const atOnceMax = 8 * 1024;
const atOnceInflatedMax = 64 * 1024;

const tooLong = 'ERR_BUFFER_TOO_LARGE';

function isBrokenOrTooLong(error: unknown): boolean {
  const code = codeOf(error);
  return code === tooLong || broken.has(code);
}

/** zlib's codes (zlib.h, "Return codes") for a body that is not gzip, is damaged or ends early. */
const broken: ReadonlySet<string> = new Set(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_NEED_DICT']);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
