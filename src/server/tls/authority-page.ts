import type { Handler } from '../../env/network.ts';

/** Answers `GET /ca.pem`, without a signature, with what a client has to trust, and leaves the rest to `handle`. */
export function withAuthority(handle: Handler, certificate: () => Promise<string>): Handler {
  return async (request) => {
    if (request.method !== 'GET' || request.target !== '/ca.pem') return await handle(request);
    // RFC 8555 §9.1.
    const headers = { 'Content-Type': 'application/pem-certificate-chain' };
    return { status: 200, headers, body: await certificate() };
  };
}
