import type { Millis } from '../env/clock.ts';
import type { HttpRequest } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';

/** Who asks, as the signature says. */
export type Caller = { readonly account: string; readonly region: string; readonly user: string };

/**
 * Says who signed a request with these headers for one of these services; throws the `ServiceError` that AWS
 * would answer. `sha256` is the body's hash in hex, where it is known already.
 */
export type Authenticate = (
  request: HttpRequest,
  headers: HeaderFields,
  now: Millis,
  services: readonly string[],
  sha256?: string,
) => Caller;
