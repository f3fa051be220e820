import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import { malformed } from './reader.ts';

/**
 * What a body in gzip holds (RFC 1952; smithy.io, "requestCompression trait"). It holds no more than
 * `bytesMax`: a longer one, or one that is broken, is a SerializationException, and of a bomb no more than
 * that is ever inflated. What is small is inflated at once, the rest by the platform's threads.
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

/** Undefined when it holds more than is inflated at once. */
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

/** Inflating so much takes a fraction of a millisecond, as long as a thread's answer. */
const atOnceMax = 8 * 1024;
const atOnceInflatedMax = 64 * 1024;

const tooLong = 'ERR_BUFFER_TOO_LARGE';

function isBrokenOrTooLong(error: unknown): boolean {
  const code = codeOf(error);
  return code === tooLong || broken.has(code);
}

/** zlib's own codes (zlib.h, "Return codes") for a body that is no gzip, is damaged or ends early. */
const broken: ReadonlySet<string> = new Set(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_NEED_DICT']);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
