import type { Handler, HttpResponse } from '../../env/network.ts';

/** Answers `GET /ca.pem`, without a signature, with what a client has to trust, and leaves the rest to `handle`. */
export function withAuthority(handle: Handler, certificate: () => Promise<string>): Handler {
  return (request) =>
    request.method === 'GET' && request.target === '/ca.pem' ? page(certificate) : handle(request);
}

async function page(certificate: () => Promise<string>): Promise<HttpResponse> {
  // RFC 8555 §9.1.
  const headers = { 'Content-Type': 'application/pem-certificate-chain' };
  return { status: 200, headers, body: await certificate() };
}
