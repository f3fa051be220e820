import type { HttpRequest, HttpResponse } from '../env/network.ts';

/** A page that GET answers, without a signature. */
export type Page = {
  /** The thread that can write it: the one that took the request, or the owner. */
  readonly runs: 'here' | 'owner';
  answer(): Promise<HttpResponse>;
};

/** Pages by their path. */
export type Pages = Readonly<Record<string, Page>>;

/** The path of the page that a request asks for, if any. HEAD gets the headers of GET (RFC 9110 §9.3.2). */
export function pageAskedFor(pages: Pages, { method, target }: HttpRequest): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  return Object.hasOwn(pages, target) ? target : undefined;
}
