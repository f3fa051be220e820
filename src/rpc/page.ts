import type { HttpRequest, HttpResponse } from '../env/network.ts';

/** What is answered to GET, without a signature. */
export type Page = {
  /** Which thread knows what stands on it: the one that took the request, or the owner. */
  readonly runs: 'here' | 'owner';
  answer(): Promise<HttpResponse>;
};

/** Pages by their path. */
export type Pages = Readonly<Record<string, Page>>;

/**
 * The path of the page that a request asks for; undefined when it asks for none. HEAD asks for all of the
 * answer but its body (RFC 9110 §9.3.2).
 */
export function pageAskedFor(pages: Pages, { method, target }: HttpRequest): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  return Object.hasOwn(pages, target) ? target : undefined;
}
