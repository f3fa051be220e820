import type { HttpRequest, Peer } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';
import type { ServiceError } from '../wire/service-error.ts';

/** What an operator may know of a request whose signature was refused. Nothing in it is secret. */
export type Refusal = {
  readonly operation: string;
  readonly type: string;
  readonly reason: string;
  /** Whom the request says it is from; undefined when it does not say so in the form of a key id. */
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
  const claimed = keyId.exec(headers.get('authorization') ?? '') ?? queryKeyId.exec(target);
  const reason = withoutQuotes(error.message);
  return { operation, type: error.type, reason, accessKeyId: claimed?.[1], peer };
}

/** `Credential=KEY/DATE/…`: as long and of such letters as the key ids in a credentials file. */
const keyId = /\bCredential=([\w-]{1,128})\/\d{8}\//;
const queryKeyId = /[?&]X-Amz-Credential=([\w-]{1,128})(?:\/|%2F)\d{8}(?:\/|%2F)/i;

/**
 * AWS's texts quote the header, its signature included, and a credential that is none, which may be a secret
 * in the wrong place.
 */
function withoutQuotes(message: string): string {
  return message.replace(/(?:Authorization=|\bgot '|'algorithm': ').*$/is, '…');
}
