import type { HttpRequest, HttpResponse } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';

/** What GET answers without a signature. */
export type Page = PageHere | PageOfOwner;

/** The thread that took the request can write it. */
type PageHere = {
  readonly runs: 'here';
  /** Whether browsers that come without TLS are sent to TLS where the server answers over TLS only. */
  readonly isOverTls?: true;
  answer(request: HttpRequest): Promise<HttpResponse>;
};

/** Only the owner can. */
export type PageOfOwner = {
  readonly runs: 'owner';
  answer(asked: PageAsked): Promise<HttpResponse>;
};

/** What of a request for a page of the owner's counts. Plain data, so that another thread can be told. */
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

/** Pages by their path. One whose path ends in a slash has all that is below it: `/console/`. */
export type Pages = Readonly<Record<string, Page>>;

/**
 * The key of the page that a request asks for, if any. HEAD gets the headers of GET (RFC 9110 §9.3.2). A
 * folder is looked for by the first part of the path.
 */
export function pageAskedFor(pages: Pages, { method, target }: HttpRequest): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (Object.hasOwn(pages, target)) return target;
  const folder = target.slice(0, target.indexOf('/', 1) + 1);
  return folder !== '' && Object.hasOwn(pages, folder) ? folder : undefined;
}
