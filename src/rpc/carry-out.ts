import type { Caller } from '../access/caller.ts';
import type { Clock } from '../env/clock.ts';
import type { Logger } from '../env/logger.ts';
import type { HttpResponse, Peer } from '../env/network.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { StructureShape } from '../wire/shape.ts';
import { inTurns } from '../wire/turns.ts';
import { validate } from '../wire/validate.ts';
import { authorize } from './authorize.ts';
import type { CallRates } from './call-rate.ts';
import type { Call } from './route.ts';
import { troubleOf } from './trouble.ts';

export type CarryWorld = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined where operations may be called as often as one likes. */
  readonly rates: CallRates | undefined;
};

/**
 * Carries out a call whose signature was verified. What it is about is known before it does anything, so that
 * it is authorized and counted here and nowhere else. Never rejects: what goes wrong is the answer.
 */
export async function carryOut(
  world: CarryWorld,
  call: Call,
  body: Buffer,
  caller: Caller,
  peer: Peer,
  requestId: string,
): Promise<HttpResponse> {
  const { service, protocol, operation } = call;
  try {
    // A large body costs milliseconds to hash, and again to read, and again to work on: others have their
    // turn in between.
    const isLarge = body.length > turnBytes;
    if (isLarge) await giveWay(world.clock);
    const fast = operation.fastPath?.get(protocol.codec)?.(service.world, body, caller);
    if (fast !== undefined) {
      permit(world, call, caller, fast.resource, peer);
      return protocol.written(await fast.run());
    }
    const input = isLarge
      ? await decodeInTurns(world.clock, body, call)
      : protocol.decode<StructureShape>(body, call.called, operation.input);
    validate(input, operation.input);
    const prepared = operation.prepare(service.world, input, caller, protocol.codec);
    permit(world, call, caller, prepared.resource, peer);
    return protocol.answer(await prepared.run(), operation, requestId);
  } catch (error) {
    return failure(world, call, error, requestId);
  }
}

function permit(
  { rates }: CarryWorld,
  { service, operation: { name, rate } }: Call,
  caller: Caller,
  resource: string,
  peer: Peer,
): void {
  const access = { caller, action: `${service.name}:${name}`, resource, peer };
  authorize(access);
  if (rate !== undefined) rates?.count(access, rate);
}

async function decodeInTurns(clock: Clock, body: Buffer, { operation, protocol, called }: Call) {
  await giveWay(clock);
  const pieces = protocol.decodeInPieces<StructureShape>(body, called, operation.input);
  const value = await inTurns(pieces, () => clock.turn());
  await giveWay(clock);
  return value;
}

/** Lets everybody be heard whose requests have arrived by now. */
async function giveWay(clock: Clock): Promise<void> {
  // Work that begins at the end of a turn still belongs to it.
  await clock.turn();
  await clock.turn();
}

/** Below it, all of a request takes a few milliseconds. */
const turnBytes = 2 * 1024 * 1024;

/** The answer to a call that went wrong. */
export function failure(
  { logger }: CarryWorld,
  { operation, protocol }: Call,
  error: unknown,
  requestId: string,
): HttpResponse {
  if (error instanceof ServiceError) return protocol.refuse(error, requestId);
  logger.error('an operation failed', { operation: operation.name, error });
  return protocol.refuse(new ServiceError('InternalFailure', troubleOf(error)), requestId);
}
