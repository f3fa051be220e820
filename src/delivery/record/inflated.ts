/**
 * Of one record, after it was inflated: a record of 10 MiB may hold a thousand times that. Larger than what a
 * Lambda function may be handed, so nothing that works at AWS is refused here.
 */
export const bytesMaxInflated = 32 * 1024 * 1024;

/** Whether zlib refused a stream for what is in it: it is broken, ends early, or holds too much. */
export function isBrokenStream(error: unknown): boolean {
  return error instanceof Error && 'code' in error && broken.has(String(error.code));
}

/** zlib's codes (zlib.h, "Return codes"), and Node's for more than `maxOutputLength`. */
const broken: ReadonlySet<string> = new Set([
  'Z_DATA_ERROR',
  'Z_BUF_ERROR',
  'Z_NEED_DICT',
  'ERR_BUFFER_TOO_LARGE',
]);
