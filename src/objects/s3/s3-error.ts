import type { ClientAnswer } from '../../env/http-client.ts';
import { ObjectStoreError } from '../../env/object-store.ts';
import { xmlError } from '../../wire/xml-parts.ts';

/** What an answer that is no success says. An answer to HEAD has no words: then the status has to do. */
export function s3Error({ status, body }: ClientAnswer): ObjectStoreError {
  const said = xmlError(body.toString('utf8', 0, errorBytesMax));
  return errorOf(status, said.code, said.message);
}

/** An error in an answer that began as a success (S3 API reference, CompleteMultipartUpload). */
export function lateError({ status, body }: ClientAnswer): ObjectStoreError | undefined {
  const text = body.toString('utf8', 0, errorBytesMax);
  if (!text.includes('<Error>')) return undefined;
  const { code, message } = xmlError(text);
  return errorOf(status, code || 'InternalError', message);
}

function errorOf(status: number, code: string, message: string): ObjectStoreError {
  const words = [code, message].filter((text) => text !== '').join(': ');
  const line = `s3 answered ${status} ${words}`.replace(/\s+/g, ' ').trim().slice(0, messageCharactersMax);
  return new ObjectStoreError(line, code || (codes[status] ?? 'Unknown'), isToPass(status, code));
}

function isToPass(status: number, code: string): boolean {
  if (status === 501) return false;
  return status >= 500 || status === 429 || status === 408 || passing.test(code);
}

/**
 * Refusals of the moment (S3 API reference, "List of error codes"): too much at once, a body that did not
 * arrive as it was, others who wrote at the same time, a clock that is corrected until the next try.
 */
const passing =
  /throttl|slowdown|requestlimit|RequestTimeout|InternalError|ServiceUnavailable|BadDigest|ContentSHA256Mismatch|ContentChecksumMismatch|IncompleteBody|ConditionalRequestConflict|OperationAborted|RequestTimeTooSkewed|NoSuchUpload/i;

const codes: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  409: 'ConditionalRequestConflict',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
  429: 'SlowDown',
  500: 'InternalError',
  501: 'NotImplemented',
  503: 'SlowDown',
};

/** Of an answer that refuses. */
const errorBytesMax = 16 * 1024;

/** Somebody else's words are in it, which go into logs and lists. */
const messageCharactersMax = 500;

export function isCode(error: unknown, ...codes: readonly string[]): error is ObjectStoreError {
  return error instanceof ObjectStoreError && codes.includes(error.code);
}
