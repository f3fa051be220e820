import type { HttpRequest, HttpResponse } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';
import { ServiceError } from '../wire/service-error.ts';

/** What pages in a browser may do with a server. */
export type BrowserRule = {
  /** `Access-Control-Allow-Origin` for pages of an origin; undefined when they may read nothing. */
  readonly allowOrigin: (origin: string) => string | undefined;
  /**
   * Whether every client that reaches the server may do anything. Then no page may reach it through its
   * origin, nor through a name that the page's owner points at this machine (DNS rebinding), nor by a link, a
   * form or an image, which may come without an origin: the origin must be an allowed one, the host a
   * loopback name, and a browser must not have sent what names no origin for another page.
   */
  readonly isOpenToAll: boolean;
};

/**
 * `cors` is a list of origins with commas, or `*`. Without it, pages of all origins may read where signatures
 * are verified, as at AWS; otherwise those of this machine may.
 */
export function browserRule(cors: string | undefined, isOpenToAll: boolean): BrowserRule {
  const allowed = cors ?? (isOpenToAll ? undefined : '*');
  if (allowed === '*') return { allowOrigin: () => '*', isOpenToAll };
  const listed = new Set(allowed?.split(','));
  const isAllowed = allowed === undefined ? isLoopbackOrigin : (origin: string) => listed.has(origin);
  return { allowOrigin: (origin) => (isAllowed(origin) ? origin : undefined), isOpenToAll };
}

/**
 * Refuses requests of foreign pages, and to foreign host names, on a server that is open to all. Elsewhere a
 * page has to sign; but a certificate may name a user too, and a browser shows it for every page. So where
 * one was shown, the page has to be of a listed origin: that all may read, `*`, does not let all act.
 * The server's own page, the console, may always.
 */
export function strangePage(
  { method, peer }: Pick<HttpRequest, 'method' | 'peer'>,
  asked: HeaderFields,
  rule: BrowserRule,
): ServiceError | undefined {
  const { certificate } = peer;
  if (!rule.isOpenToAll && certificate === undefined) return undefined;
  const strange = strangeHost(asked, rule);
  if (strange !== undefined) return strange;
  const origin = asked.get('origin');
  if (origin !== undefined && isOwnOrigin(origin, asked.get('host'), peer.secure)) return undefined;
  const allowed = origin === undefined ? undefined : rule.allowOrigin(origin);
  if (origin !== undefined && (allowed === undefined || (allowed === '*' && certificate !== undefined))) {
    return refusal(`pages of ${quoted(origin)} may not use this server; --cors lists those that may`);
  }
  if (origin === undefined && isNavigation(method, asked)) {
    return refusal('links, images and addresses in a browser may not use this server, its pages may');
  }
  return undefined;
}

/**
 * Whether a page came from this server itself. Its host is a name that leads here: a loopback name on a
 * server that is open to all, one that the server's certificate stands for where clients show theirs. What
 * comes without TLS may have come over TLS to a proxy.
 */
function isOwnOrigin(origin: string, host: string | undefined, isSecure: boolean): boolean {
  return host !== undefined && (origin === `https://${host}` || (!isSecure && origin === `http://${host}`));
}

/** Refuses foreign host names alone: what anyone may read, a page under such a name still may not. */
export function strangeHost(asked: HeaderFields, rule: BrowserRule): ServiceError | undefined {
  const host = rule.isOpenToAll ? asked.get('host') : undefined;
  if (host === undefined || loopbackHost.test(host)) return undefined;
  return refusal(
    `a server that verifies no signatures answers to loopback names only, not to ${quoted(host)}`,
  );
}

/**
 * Whether a browser has sent a request without an origin, and not for a page of this server's own origin: a
 * link, an image, an address that was typed or opened from a mail (Fetch Metadata, "Sec-Fetch-Site"). A
 * signed query makes a call of such a GET. Browsers that do not tell, the last of them of 2023, are known by
 * how the User-Agent of all begins; on what is not GET they send an origin.
 */
function isNavigation(method: string, asked: HeaderFields): boolean {
  const site = asked.get('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin';
  return (method === 'GET' || method === 'HEAD') && /^Mozilla\//.test(asked.get('user-agent') ?? '');
}

/**
 * Whether a page of elsewhere loads something, as an image, a script, a frame or by fetch: it cannot read
 * what it gets, but has the server do it. Whoever follows a link to a page sees that page (Fetch Metadata).
 */
export function isStrangeLoad(
  request: Pick<HttpRequest, 'method' | 'peer'>,
  asked: HeaderFields,
  rule: BrowserRule,
) {
  const site = asked.get('sec-fetch-site') ?? 'none';
  const isVisit = asked.get('sec-fetch-mode') === 'navigate' && asked.get('sec-fetch-dest') === 'document';
  if (site === 'none' || isVisit) return false;
  return strangePage(request, asked, rule) !== undefined;
}

function refusal(reason: string): ServiceError {
  return new ServiceError('AccessDeniedException', `The request is refused: ${reason}.`);
}

/** In quotes, cut to what an answer needs. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

/** This machine: names under `localhost` (RFC 6761 §6.3) and all of 127.0.0.0/8 (RFC 1122 §3.2.1.3). */
const loopback = String.raw`(?:(?:[a-z0-9_-]+\.)*localhost\.?|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?`;
const loopbackHost = new RegExp(`^(?:${loopback}|::1)$`, 'i');
const loopbackOrigin = new RegExp(`^https?://${loopback}$`, 'i');

function isLoopbackOrigin(origin: string): boolean {
  return loopbackOrigin.test(origin);
}

/** The answer to a browser's preflight request; undefined for any other request. */
export function preflight(
  { method }: HttpRequest,
  asked: HeaderFields,
  rule: BrowserRule,
): HttpResponse | undefined {
  const allowed = allowance(asked, rule);
  if (method !== 'OPTIONS' || allowed === undefined) return undefined;
  const headers: Record<string, string> = { ...allowed, 'Access-Control-Max-Age': '172800' };
  const wantedHeaders = asked.get('access-control-request-headers');
  const wantedMethod = asked.get('access-control-request-method');
  if (wantedHeaders !== undefined) headers['Access-Control-Allow-Headers'] = wantedHeaders;
  if (wantedMethod !== undefined) headers['Access-Control-Allow-Methods'] = wantedMethod;
  // Asked when the page is of the Internet and the server is not (Private Network Access, WICG).
  if (asked.get('access-control-request-private-network') === 'true') {
    headers['Access-Control-Allow-Private-Network'] = 'true';
  }
  return { status: 200, headers, body: '' };
}

/** The headers that let a page of another origin read the answer. */
export function corsHeaders(
  asked: HeaderFields,
  rule: BrowserRule,
): Readonly<Record<string, string>> | undefined {
  const allowed = allowance(asked, rule);
  return allowed === undefined ? undefined : { ...allowed, 'Access-Control-Expose-Headers': exposed };
}

function allowance(asked: HeaderFields, rule: BrowserRule): Readonly<Record<string, string>> | undefined {
  const origin = asked.get('origin');
  const allowed = origin === undefined ? undefined : rule.allowOrigin(origin);
  if (allowed === undefined) return undefined;
  // What one origin is told must not be cached for another (Fetch standard, "CORS protocol and HTTP caches").
  const vary: Record<string, string> = allowed === '*' ? {} : { Vary: 'Origin' };
  return { 'Access-Control-Allow-Origin': allowed, ...vary };
}

const exposed = 'x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date';
