import type { Handler, HttpRequest, HttpResponse } from '../env/network.ts';
import { asksForPage } from '../rpc/page.ts';

/**
 * Answers `GET /ca.pem`, without a signature, with what a client has to trust, and leaves the rest to
 * `handle`.
 */
export function withAuthority(handle: Handler, certificate: () => Promise<string>): Handler {
  return (request) => (isAsked(request) ? page(certificate) : handle(request));
}

/** Answers it as well when there is no such authority: 404, and why. */
export function withoutAuthority(handle: Handler): Handler {
  return (request) => (isAsked(request) ? Promise.resolve(noAuthority) : handle(request));
}

function isAsked(request: HttpRequest): boolean {
  return asksForPage(request, '/ca.pem');
}

const noAuthority: HttpResponse = {
  status: 404,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: 'This server shows a certificate that it was given, and has no authority of its own: trust the issuer of that.\n',
};

async function page(certificate: () => Promise<string>): Promise<HttpResponse> {
  // RFC 8555 §9.1.
  const headers = { 'Content-Type': 'application/pem-certificate-chain' };
  return { status: 200, headers, body: await certificate() };
}
