import type { HttpRequest } from '../env/network.ts';

/**
 * Whether a request asks for a page that needs no signature. HEAD asks for all of the answer but its body
 * (RFC 9110 §9.3.2).
 */
export function asksForPage(
  { method, target }: Pick<HttpRequest, 'method' | 'target'>,
  path: string,
): boolean {
  return target === path && (method === 'GET' || method === 'HEAD');
}
