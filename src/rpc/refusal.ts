import type { HttpRequest, Peer } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';
import type { ServiceError } from '../wire/service-error.ts';

/** What operators may know about a request whose signature was refused: nothing secret. */
type Refusal = {
  readonly operation: string;
  readonly type: string;
  readonly reason: string;
  /** The key id that the request claims; undefined when it has not the form of one. */
  readonly accessKeyId: string | undefined;
  readonly peer: Peer;
};

/** Tells why a request was refused, for the log. */
export function refusalOf(
  operation: string,
  { target, peer }: Pick<HttpRequest, 'target' | 'peer'>,
  headers: HeaderFields,
  error: ServiceError,
): Refusal {
  const reason = withoutQuotes(error.message);
  const accessKeyId = claimedBy({ target }, headers)?.accessKeyId;
  return { operation, type: error.type, reason, accessKeyId, peer };
}

/** The access key that a request says it is signed with, and for which region; both unverified. */
export function claimedBy(
  { target }: Pick<HttpRequest, 'target'>,
  headers: HeaderFields,
): { readonly accessKeyId: string; readonly region: string } | undefined {
  const claimed = keyId.exec(headers.get('authorization') ?? '') ?? queryKeyId.exec(target);
  return claimed === null ? undefined : { accessKeyId: claimed[1]!, region: claimed[2] ?? '' };
}

/** `Credential=KEY/DATE/…`: as long and of such letters as the key ids in a credentials file. */
const keyId = /\bCredential=([\w-]{1,128})\/\d{8}\/(?:([a-z0-9-]{1,63})\/)?/;
const queryKeyId =
  /[?&]X-Amz-Credential=([\w-]{1,128})(?:\/|%2F)\d{8}(?:\/|%2F)(?:([a-z0-9-]{1,63})(?:\/|%2F))?/i;

/** AWS's texts quote signatures, and malformed credentials, which may be misplaced secrets. */
export function withoutQuotes(message: string): string {
  return message.replace(/(?:Authorization=|\bgot '|'algorithm': ').*$/is, '…');
}
