import { isObject } from '../format/avro-schema.ts';
import { IcebergError } from '../iceberg-table.ts';
import type { RestAnswer } from './rest-requests.ts';

/** What a catalog says of a refusal (`IcebergErrorResponse` of the REST catalog's specification). */
function saidIn(json: unknown): { readonly type: string; readonly message: string } {
  const error = isObject(json) ? json['error'] : undefined;
  if (!isObject(error)) return { type: '', message: '' };
  return { type: String(error['type'] ?? ''), message: String(error['message'] ?? '') };
}

/**
 * Whether others were first. That is status 409; a catalog of before July 2026 may say it with 400 and the
 * name of the exception (apache/polaris#5138).
 */
export function isConflict({ status, json }: RestAnswer): boolean {
  return status === 409 || (status === 400 && saidIn(json).type === 'CommitFailedException');
}

/** Whether the same may succeed later, or was done although this was said. */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 429 || status === 408;
}

export function refusalOf(answer: RestAnswer, what: string): IcebergError {
  const { status, json } = answer;
  const { type, message } = saidIn(json);
  const text = `${what} was answered ${status}${type === '' ? '' : ` ${type}`}${message === '' ? '' : `: ${message}`}`;
  return new IcebergError(text, codeOf(status), isPassing(status));
}

function codeOf(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return 'AccessDenied';
    case 404:
      return 'NoSuchTable';
    case 409:
      return 'AlreadyExists';
    default:
      return isPassing(status) ? 'Unavailable' : 'Refused';
  }
}
