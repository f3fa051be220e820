import type { HttpRequest } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';
import { inflate } from '../wire/gzip.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { Service } from './service.ts';

/** How much a body in gzip may hold for any of the services; undefined when none takes one. */
export function inflatedBytesMaxOf(services: readonly Service[]): number | undefined {
  const maxima = services.flatMap(({ inflatedBytesMax }) => inflatedBytesMax ?? []);
  return maxima.length === 0 ? undefined : Math.max(...maxima);
}

/** Whether a request's body is in gzip, of which no more than that is known yet. */
export function isPacked(headers: HeaderFields): boolean {
  return headers.get('content-encoding')?.toLowerCase() === 'gzip';
}

/**
 * The request with what its body holds. A form names the operation in its body, so this comes before the
 * signature, which is of the body as it was sent: a stranger can have so much inflated, and no more. A body
 * that is no gzip, or holds too much, stays as it is, for the decoder to refuse.
 */
export async function unpacked(request: HttpRequest, bytesMax: number): Promise<HttpRequest> {
  try {
    return { ...request, body: await inflate(request.body, bytesMax) };
  } catch (error) {
    if (error instanceof ServiceError) return request;
    throw error;
  }
}
