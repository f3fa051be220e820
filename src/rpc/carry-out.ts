import { type Caller, shownName } from '../access/caller.ts';
import type { Access, Authorizer, ResourceFacts } from '../access/policy/access.ts';
import type { Clock, Millis } from '../env/clock.ts';
import type { Logger } from '../env/logger.ts';
import type { HttpResponse, Peer } from '../env/network.ts';
import type { Meter } from '../stream/meter/meter.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { OutputOf, StructureShape } from '../wire/shape.ts';
import { AskOwner } from './ask-owner.ts';
import { type Attempt, type Audit, isRecorded, recordFailure, recordSuccess } from './audit.ts';
import type { CallRates } from './call-rate.ts';
import { type Freshness, mayBeStale } from './freshness.ts';
import { type LargeBodies, type LargeInput, largeBytes, readInput } from './large-body.ts';
import type { Prepared } from './operation.ts';
import type { Call } from './route.ts';
import type { Service } from './service.ts';
import { troubleOf } from './trouble.ts';

export type CarryWorld = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Decides who may do what. */
  readonly authorizer: Authorizer;
  /** Told of what came of each call. */
  readonly audit: Audit;
  /** Told of what came of each call, and when it began; undefined where nobody asks it. */
  readonly meter?: Pick<Meter, 'now' | 'ended'> | undefined;
  /** Where large bodies are read. */
  readonly bodies: LargeBodies;
  /** Undefined without limits on the rate of calls. */
  readonly rates: CallRates | undefined;
  /** Undefined where nobody else answers. */
  readonly freshness?: Freshness | undefined;
};

/**
 * Carries out a call whose signature was verified. Its resource is known before it does anything, so it is
 * authorized and counted here and nowhere else. An error becomes the answer: it rejects with `AskOwner`
 * alone. Where others answer too, what an operation is about is brought up to date before it; records are put
 * and read by what is known, and only what would be refused for it is tried again.
 */
export async function carryOut(
  world: CarryWorld,
  call: Call,
  body: Buffer,
  caller: Caller,
  peer: Peer,
  requestId: string,
): Promise<HttpResponse> {
  const { service, protocol, operation, called } = call;
  const startedAt = world.meter?.now() ?? 0;
  let large: LargeInput | undefined;
  let resource: string | undefined;
  let input: unknown;
  const { freshness } = world;
  // A large body can be read but once.
  const isTriedFirst = freshness !== undefined && operation.audit === 'data' && body.length <= largeBytes;
  try {
    if (freshness !== undefined && !(isTriedFirst && freshness.isRecent()))
      await freshness.current(body.length);
    if (body.length > largeBytes) large = await world.bodies.read(body, call);
    const fast = large ? undefined : operation.fastPath?.get(protocol.codec)?.(service.world, body, caller);
    if (fast !== undefined) {
      resource = fast.resource;
      permit(world, call, caller, fast, peer);
      const written = await fast.run();
      if (isRecorded(operation)) recordSuccess(world.audit, { call, caller, peer, requestId, resource });
      count(world, { call, caller, requestId, resource }, startedAt);
      return protocol.written(written);
    }
    const read = large?.input ?? readInput(protocol, body, called, operation.input);
    input = read;
    const recheck = () => authorize(world, call, call.identifyAgain?.() ?? caller, prepared, peer);
    const asked = { headers: call.headers, departure: call.departure, peer, recheck };
    const prepared: Prepared = operation.prepare(service.world, read, caller, protocol.codec, asked);
    resource = prepared.resource;
    permit(world, call, caller, prepared, peer);
    const output = await prepared.run();
    if (isRecorded(operation)) {
      recordSuccess(world.audit, { call, caller, peer, requestId, resource, input }, output);
    }
    count(world, { call, caller, requestId, resource }, startedAt);
    return protocol.answer(output, operation, requestId);
  } catch (error) {
    if (error instanceof AskOwner) throw new AskOwner(large ? encoded(call, input) : body);
    if (isTriedFirst && mayBeStale(error)) {
      const attempt = { call, caller, peer, requestId, resource, input };
      return await carryOutFresh(world, freshness, attempt, body, startedAt);
    }
    return failure(world, { call, caller, peer, requestId, resource, input }, error, startedAt);
  } finally {
    for (const memory of large?.memory ?? []) memory.transfer(0);
  }
}

/** The body of a call that was read, once more. */
function encoded({ protocol, operation }: Call, input: unknown): Buffer {
  return protocol.codec.encode(input as OutputOf<StructureShape>, operation.input);
}

/** The same once more, by what is known then. */
async function carryOutFresh(
  world: CarryWorld,
  freshness: Freshness,
  attempt: KnownAttempt,
  body: Buffer,
  startedAt: Millis,
): Promise<HttpResponse> {
  try {
    await freshness.current(body.length);
  } catch (error) {
    return failure(world, attempt, error, startedAt);
  }
  const { call, caller, peer, requestId } = attempt;
  return await carryOut({ ...world, freshness: undefined }, call, body, caller, peer, requestId);
}

function permit(world: CarryWorld, call: Call, caller: Caller, asked: Asked, peer: Peer): void {
  const access = authorize(world, call, caller, asked, peer);
  const { rate } = call.operation;
  if (rate !== undefined) world.rates?.count(access, rate);
}

function authorize(
  { authorizer }: CarryWorld,
  { service, operation: { name } }: Call,
  caller: Caller,
  asked: Asked,
  peer: Peer,
): Access {
  const { resource, named, context, permissions } = asked;
  const needsFacts = authorizer.needsFacts(caller);
  const action = `${service.name}:${name}`;
  const facts = needsFacts ? factsOf(service, asked, action) : undefined;
  const access = { caller, action, resource, named, peer, facts, context };
  if (permissions === undefined || permissions.length === 0) authorizer.authorize(access);
  for (const each of permissions ?? none) {
    const known = needsFacts ? service.factsOf?.(service.world, each.resource, each.action) : undefined;
    authorizer.authorize({ ...access, ...each, facts: known });
  }
  return access;
}

function factsOf(
  { factsOf: find, world }: Service,
  { facts, resource }: Asked,
  action: string,
): ResourceFacts | undefined {
  return typeof facts === 'function' ? facts() : (facts ?? find?.(world, resource, action));
}

const none: NonNullable<Prepared['permissions']> = [];

/** What a prepared call says about the permissions that it needs. */
type Asked = Pick<Prepared, 'resource' | 'named' | 'facts' | 'context' | 'permissions'>;

/** The answer to a call that failed. */
function failure(world: CarryWorld, attempt: KnownAttempt, error: unknown, startedAt: Millis): HttpResponse {
  const { call, requestId } = attempt;
  const answered = errorOf(world, call, error);
  recordFailure(world.audit, attempt, answered);
  count(world, attempt, startedAt, answered);
  return call.protocol.refuse(answered, requestId);
}

type KnownAttempt = Attempt & { readonly caller: Caller };

/** Tells the meter what came of a call. */
function count(
  { meter }: CarryWorld,
  { call, caller, requestId, resource }: Pick<KnownAttempt, 'call' | 'caller' | 'requestId' | 'resource'>,
  startedAt: Millis,
  error?: ServiceError,
): void {
  const { service, operation } = call;
  const ended = { service: service.name, operation: operation.name, resource, requestId, error };
  meter?.ended({ ...ended, caller: shownName(caller) }, startedAt);
}

/** The error to answer. */
export function errorOf({ logger }: CarryWorld, { operation }: Call, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  logger.error('an operation failed', { operation: operation.name, error });
  return new ServiceError('InternalFailure', troubleOf(error));
}
