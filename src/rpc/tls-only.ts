import type { Handler, HttpRequest, HttpResponse } from '../env/network.ts';
import { type Random, uuid } from '../env/random.ts';
import { HeaderFields } from '../http/headers.ts';
import { ServiceError } from '../wire/service-error.ts';
import { type Pages, pageAskedFor } from './page.ts';
import { route } from './route.ts';
import type { Service } from './service.ts';

/**
 * Refuses what did not come over TLS, in the protocol in which it was asked: a client that does it by mistake
 * is told how to put it right. What it said went over the wire in the clear, and is not looked at further.
 * Pages are answered, so that health checks and those who look for the authority's certificate are served;
 * but those of the console, which calls this server, have the browser come again over TLS.
 */
export function tlsOnly(
  services: readonly Service[],
  { random, pages }: { readonly random: Random; readonly pages: Pages },
  handle: Handler,
): Handler {
  return async (request) => {
    if (request.peer.secure) return await handle(request);
    const page = pages[pageAskedFor(pages, request) ?? ''];
    if (page !== undefined)
      return page.runs === 'here' && page.isOverTls ? moved(request) : await handle(request);
    const requestId = uuid(random);
    const found = route(services, request, new HeaderFields(request.rawHeaders), requestId);
    const protocol = found.kind === 'answer' ? services[0]!.protocols[0]! : found.protocol;
    const { status, headers, body } = protocol.refuse(plain, requestId);
    return { status, headers: { 'x-amzn-RequestId': requestId, ...headers }, body };
  };
}

/** To the same host and port, which answer over TLS. */
function moved({ target, rawHeaders }: HttpRequest): HttpResponse {
  const host = new HeaderFields(rawHeaders).get('host') ?? '';
  return { status: 307, headers: { Location: `https://${host}${target}` }, body: '' };
}

const plain = new ServiceError(
  'AccessDeniedException',
  'The request is refused: this server answers over TLS only (--require-tls), at https:// with the same port.',
);
