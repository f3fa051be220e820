import type { HttpRequest, HttpResponse } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';

/** A page that GET answers, without a signature. */
export type Page = {
  /** The thread that can write it: the one that took the request, or the owner. */
  readonly runs: 'here' | 'owner';
  answer(asked: PageAsked): Promise<HttpResponse>;
};

/** What of a request for a page counts. Plain data, so that another thread can be told. */
export type PageAsked = {
  readonly accept?: string | undefined;
  readonly authorization?: string | undefined;
  /** The name of the listener that it came to; absent where that has none. */
  readonly listener?: string | undefined;
};

export function pageAsked({ peer }: HttpRequest, headers: HeaderFields): PageAsked {
  const [accept, authorization] = [headers.get('accept'), headers.get('authorization')];
  return { accept, authorization, listener: peer.vpce };
}

/** Pages by their path. */
export type Pages = Readonly<Record<string, Page>>;

/** The path of the page that a request asks for, if any. HEAD gets the headers of GET (RFC 9110 §9.3.2). */
export function pageAskedFor(pages: Pages, { method, target }: HttpRequest): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  return Object.hasOwn(pages, target) ? target : undefined;
}
