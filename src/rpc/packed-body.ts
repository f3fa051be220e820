import type { HttpRequest } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';
import { inflate } from '../wire/gzip.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { Service } from './service.ts';

/** The most bytes that a body in gzip may hold for any service; undefined when none takes gzip. */
export function inflatedBytesMaxOf(services: readonly Service[]): number | undefined {
  const maxima = services.flatMap(({ inflatedBytesMax }) => inflatedBytesMax ?? []);
  return maxima.length === 0 ? undefined : Math.max(...maxima);
}

/** Whether a request says that its body is in gzip. */
export function isPacked(headers: HeaderFields): boolean {
  return headers.get('content-encoding')?.toLowerCase() === 'gzip';
}

/**
 * The request with its body inflated. A form names the operation in its body, so this comes before the
 * signature, which covers the body as it was sent; a stranger can have `bytesMax` inflated, and no more. A
 * body that is not gzip or holds more stays as it is, and the decoder refuses it.
 */
export async function unpacked(request: HttpRequest, bytesMax: number): Promise<HttpRequest> {
  try {
    return { ...request, body: await inflate(request.body, bytesMax) };
  } catch (error) {
    if (error instanceof ServiceError) return request;
    throw error;
  }
}
