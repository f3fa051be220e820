import type { Millis } from '../env/clock.ts';
import type { HttpRequest } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';

/** The caller, as the request's signature says. */
export type Caller = { readonly account: string; readonly region: string; readonly user: string };

/**
 * The caller that signed a request for one of these services; throws the `ServiceError` that AWS would
 * answer. `headers` are the request's, `sha256` the hash of its body in hex, where it is known already.
 */
export type Authenticate = (
  request: HttpRequest,
  headers: HeaderFields,
  now: Millis,
  services: readonly string[],
  sha256?: string,
) => Caller;
