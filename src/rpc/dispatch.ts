import { strict as assert } from 'node:assert';
import type { Authenticate, Caller } from '../access/caller.ts';
import { discard } from '../env/discard.ts';
import type { Handler, HttpRequest, HttpResponse, Peer } from '../env/network.ts';
import { type Random, uuid } from '../env/random.ts';
import { HeaderFields } from '../http/headers.ts';
import { type Called, seemsWellFormed } from '../wire/protocol.ts';
import { ServiceError } from '../wire/service-error.ts';
import { AskOwner } from './ask-owner.ts';
import { auditedHeaders, recordRefusal, recordStrangePage } from './audit.ts';
import { type CarryWorld, carryOut, errorOf } from './carry-out.ts';
import { type BrowserRule, corsHeaders, isStrangeLoad, preflight, strangeHost, strangePage } from './cors.ts';
import { type Freshness, mayBeKnownElsewhere } from './freshness.ts';
import { largeBytes } from './large-body.ts';
import { inflatedBytesMaxOf, isPacked, unpacked } from './packed-body.ts';
import { type PageAsked, type Pages, pageAsked, pageAskedFor } from './page.ts';
import { refusalOf } from './refusal.ts';
import { type Call, route } from './route.ts';
import type { Service } from './service.ts';

/** What a dispatcher works with. */
export type DispatchWorld = CarryWorld & {
  readonly random: Random;
  readonly authenticate: Authenticate;
  readonly browsers: BrowserRule;
  readonly pages: Pages;
  /** The thread that carries out what only the owner may; undefined in the owner itself. */
  readonly owner?: Owner;
  /** By the service's name, those whose state is in one gateway of a cluster at a time; in an owner. */
  readonly held?: ReadonlyMap<string, Held> | undefined;
};

/** What has calls carried out where the state of their service is. */
export interface Held {
  /** `here` carries the call out in this gateway. Rejects when it is not known whether it was carried out. */
  call(here: () => Promise<HttpResponse>, call: VerifiedCall, body: Buffer): Promise<HttpResponse>;
  /** The same for a call that came from another gateway, and goes no further. */
  callHere(here: () => Promise<HttpResponse>): Promise<HttpResponse>;
}

/** The owner, as other threads see it. */
export interface Owner {
  call(call: VerifiedCall, body: Buffer): Promise<HttpResponse>;
  page(path: string, asked: PageAsked): Promise<HttpResponse>;
}

/** A verified call as plain data: `service` and `protocol` are names. */
export type VerifiedCall = {
  readonly service: string;
  readonly protocol: string;
  readonly called: Called;
  readonly caller: Caller;
  readonly peer: Peer;
  readonly requestId: string;
  /** The headers that the audit log has: name and value in turn. */
  readonly rawHeaders: readonly string[];
};

/**
 * Request in, answer out, no sockets. A request is checked once, here: signature, form, types, constraints,
 * permission. After that, types are true. What belongs to no service is answered by the first one.
 */
export function createDispatch(services: readonly Service[], world: DispatchWorld): Handler {
  const { random, browsers, pages, owner } = world;
  const inflatedBytesMax = inflatedBytesMaxOf(services);
  return async (request) => {
    const headers = new HeaderFields(request.rawHeaders);
    const path = pageAskedFor(pages, request);
    if (path !== undefined && !isStrange(request, headers, browsers)) {
      const page = pages[path]!;
      if (page.runs === 'here') return await page.answer(request);
      const asked = pageAsked(request, headers);
      return await (owner === undefined ? page.answer(asked) : owner.page(path, asked));
    }
    const requestId = uuid(random);
    const strange = strangePage(request, headers, browsers);
    const asked = strange === undefined ? preflight(request, headers, browsers) : undefined;
    if (asked !== undefined) {
      return { ...asked, headers: { 'x-amzn-RequestId': requestId, ...asked.headers } };
    }
    const answered =
      strange === undefined
        ? await answer(services, world, request, headers, requestId, inflatedBytesMax)
        : refusePage(services[0]!, world, request, headers, requestId, strange);
    const { status, headers: own, body } = answered;
    const ids = { 'x-amzn-RequestId': requestId, 'x-amz-id-2': random.bytes(72).toString('base64') };
    return { status, headers: { ...ids, ...own, ...corsHeaders(headers, browsers) }, body };
  };
}

/** Whether a page without a signature is asked for by who must not have it. */
function isStrange(request: HttpRequest, headers: HeaderFields, browsers: BrowserRule): boolean {
  return strangeHost(headers, browsers) !== undefined || isStrangeLoad(request, headers, browsers);
}

/** The answer to a page of a browser that must not use the server. */
function refusePage(
  { name, protocols }: Service,
  { audit }: DispatchWorld,
  request: HttpRequest,
  headers: HeaderFields,
  requestId: string,
  error: ServiceError,
): HttpResponse {
  recordStrangePage(audit, name, request, headers, requestId, error);
  return protocols[0]!.refuse(error, requestId);
}

/** Layers of promises are dear for a small request: there is none where nothing is waited for. */
function answer(
  services: readonly Service[],
  world: DispatchWorld,
  request: HttpRequest,
  headers: HeaderFields,
  requestId: string,
  inflatedBytesMax: number | undefined,
): HttpResponse | Promise<HttpResponse> {
  if (inflatedBytesMax === undefined || !isPacked(headers)) {
    return answerOpened(services, world, request, request, headers, requestId);
  }
  return unpacked(request, inflatedBytesMax).then((opened) =>
    answerOpened(services, world, request, opened, headers, requestId),
  );
}

/** `opened` is the request with its body as it was before it was packed. */
function answerOpened(
  services: readonly Service[],
  world: DispatchWorld,
  request: HttpRequest,
  opened: HttpRequest,
  headers: HeaderFields,
  requestId: string,
): HttpResponse | Promise<HttpResponse> {
  const found = route(services, opened, headers, requestId);
  if (found.kind === 'answer') return found.response;
  if (found.kind === 'later') {
    const again = () => answerOpened(services, world, request, opened, headers, requestId);
    return found.loaded.then(again, (error) => {
      world.logger.error('a service could not be loaded', { error });
      return found.protocol.refuse(new ServiceError('InternalFailure'), requestId);
    });
  }
  const { body, peer } = found.service.inflatedBytesMax === undefined ? request : opened;
  if (request.body.length > largeBytes) {
    const inflated = body === request.body ? undefined : body;
    return answerLarge(world, found, request, requestId, inflated);
  }
  const { freshness } = world;
  if (freshness !== undefined) return answerKnown(world, freshness, found, request, body, requestId);
  try {
    const caller = identify(world, found, request, body, requestId);
    return carryOutThere(world, identifiable(world, found, request), body, caller, peer, requestId);
  } catch (error) {
    return found.protocol.refuse(errorOf(world, found, error), requestId);
  }
}

/**
 * Where others make callers known, or unknown, too. Strangers are refused before anything is asked for them;
 * who asks for more than records is known twice, the second time by what is true everywhere.
 */
async function answerKnown(
  world: DispatchWorld,
  freshness: Freshness,
  call: Call,
  request: HttpRequest,
  body: Buffer,
  requestId: string,
): Promise<HttpResponse> {
  const lasting = identifiable(world, call, request);
  try {
    const caller = await identifyAnywhere(world, call, request, body, requestId);
    if (call.operation.audit === 'data' && freshness.isRecent()) {
      return await carryOutThere(world, lasting, body, caller, request.peer, requestId);
    }
    await freshness.current(body.length);
    const known = identify(world, call, request, body, requestId);
    const fresh = { ...world, freshness: undefined };
    return await carryOutThere(fresh, lasting, body, known, request.peer, requestId);
  } catch (error) {
    return call.protocol.refuse(errorOf(world, call, error), requestId);
  }
}

/** Hashes a large body in another thread. `inflated` holds its contents if it is packed. */
async function answerLarge(
  world: DispatchWorld,
  call: Call,
  request: HttpRequest,
  requestId: string,
  inflated: Buffer | undefined,
): Promise<HttpResponse> {
  let signed = request.body;
  try {
    const hashed = await world.bodies.hash(request.body);
    const { sha256 } = hashed;
    signed = hashed.body;
    const body = inflated ?? signed;
    const { freshness } = world;
    if (freshness !== undefined && !freshness.isRecent()) await freshness.current(body.length);
    const caller = await identifyAnywhere(world, call, { ...request, body: signed }, body, requestId, sha256);
    return await carryOutThere(world, call, body, caller, request.peer, requestId);
  } catch (error) {
    return call.protocol.refuse(errorOf(world, call, error), requestId);
  } finally {
    discard(signed);
  }
}

/** Carries out the call in this thread, or in the owner if only that may. */
function carryOutThere(
  world: DispatchWorld,
  call: Call,
  body: Buffer,
  caller: Caller,
  peer: Peer,
  requestId: string,
): Promise<HttpResponse> {
  const { service, protocol, operation, called, headers } = call;
  const here = () => carryOut(world, call, body, caller, peer, requestId);
  if (operation.runs === 'here') return here();
  const held = world.held?.get(service.name);
  if (world.owner === undefined && held === undefined) return here();
  const origin = { caller, peer, requestId, rawHeaders: auditedHeaders(headers) };
  const verified = { service: service.name, protocol: protocol.name, called, ...origin };
  const there = (sent: Buffer) => world.owner?.call(verified, sent) ?? held!.call(here, verified, sent);
  const answer = operation.runs === 'near' ? here().catch((error) => asked(error, there)) : there(body);
  return answer.catch((error) => protocol.refuse(errorOf(world, call, error), requestId));
}

/** What is not known here, the owner may know. */
function asked(error: unknown, there: (body: Buffer) => Promise<HttpResponse>): Promise<HttpResponse> {
  if (error instanceof AskOwner && error.body !== undefined) return there(error.body);
  throw error;
}

/** A caller that is not known here may have been made known elsewhere. Otherwise as `identify`. */
async function identifyAnywhere(
  world: DispatchWorld,
  call: Call,
  request: HttpRequest,
  body: Buffer,
  requestId: string,
  sha256?: string,
): Promise<Caller> {
  const { clock, authenticate, freshness } = world;
  if (freshness !== undefined) {
    try {
      return authenticate(request, call.headers, clock.now(), call.service.scopes, sha256);
    } catch (error) {
      if (mayBeKnownElsewhere(error)) await freshness.current(body.length);
    }
  }
  return identify(world, call, request, body, requestId, sha256);
}

/**
 * Verifies the signature before the decoder runs: no value is made of an unsigned body. AWS checks the body's
 * form first, and names that error when both are wrong; so an unsigned body of up to 64 KiB is scanned for
 * it, see `seemsWellFormed`.
 */
function identify(
  { clock, logger, audit, meter, authenticate }: DispatchWorld,
  call: Call,
  request: HttpRequest,
  body: Buffer,
  requestId: string,
  sha256?: string,
): Caller {
  const { service, protocol, operation, called, headers } = call;
  try {
    return authenticate(request, headers, clock.now(), service.scopes, sha256);
  } catch (error) {
    if (error instanceof ServiceError) {
      logger.debug('a request was refused', refusalOf(operation.name, request, headers, error));
      const { peer, target } = request;
      recordRefusal(audit, { call, caller: undefined, peer, requestId }, target, error);
      const refused = { service: service.name, operation: operation.name, resource: undefined, caller: '' };
      meter?.ended({ ...refused, requestId, error }, meter.now());
    }
    const isRead = protocol.readsBody?.(body, called) ?? true;
    if (isRead && !seemsWellFormed(body, protocol.codec)) throw new ServiceError('SerializationException');
    throw error;
  }
}

/** The same call, which can be verified again as long as its answer goes on. */
function identifiable({ clock, authenticate }: DispatchWorld, call: Call, request: HttpRequest): Call {
  if (call.operation.output?.kind !== 'event-stream') return call;
  const at = clock.now();
  return { ...call, identifyAgain: () => authenticate(request, call.headers, at, call.service.scopes) };
}

/** The owner's side: answers calls that another thread, with the same services, has found and verified. */
export function ownerSide(services: readonly Service[], world: DispatchWorld): Owner {
  return {
    async call(verified, body) {
      const here = () => carryOutVerified(services, world, verified, body);
      const held = world.held?.get(verified.service);
      return held === undefined ? await here() : await held.call(here, verified, body);
    },
    page(path, asked) {
      const page = world.pages[path]!;
      assert(page.runs === 'owner');
      return page.answer(asked);
    },
  };
}

/** The same for other gateways: they ask for what is held here, and for nothing else. */
export function peerSide(services: readonly Service[], world: DispatchWorld): Owner {
  return {
    async call(verified, body) {
      const held = world.held?.get(verified.service);
      if (held === undefined) throw new Error(`${verified.service} is carried out in each gateway.`);
      return await held.callHere(() => carryOutVerified(services, world, verified, body));
    },
    async page() {
      throw new Error('Each gateway has its own pages.');
    },
  };
}

async function carryOutVerified(
  services: readonly Service[],
  world: DispatchWorld,
  { service: serviceName, protocol: protocolName, called, rawHeaders, ...origin }: VerifiedCall,
  body: Buffer,
): Promise<HttpResponse> {
  const service = services.find(({ name }) => name === serviceName)!;
  await service.later?.();
  const protocol = service.protocols.find(({ name }) => name === protocolName)!;
  const operation = service.operations.get(called.operation)!;
  const headers = new HeaderFields(rawHeaders);
  const call: Call = { kind: 'call', service, protocol, operation, called, headers };
  const { caller, peer, requestId } = origin;
  return await carryOut(world, call, body, caller, peer, requestId);
}
