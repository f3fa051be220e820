import type { ReadableService } from '../rpc/large-body.ts';
import type { Service } from '../rpc/service.ts';
import { kinesis } from '../services/kinesis/kinesis.ts';
import { operations } from '../services/kinesis/operations.ts';
import { protocols } from '../services/kinesis/protocols.ts';
import type { KinesisWorld } from '../services/kinesis/world.ts';
import { sts } from '../services/sts/sts.ts';

/** What is served on one port. The first service answers requests that are for none of them. */
export function servicesIn(world: KinesisWorld): readonly Service[] {
  return [kinesis(world), sts];
}

/** What a signature may be scoped to, whichever service it calls. */
export const servedScopes: readonly string[] = ['kinesis', ...sts.scopes];

/** The same services where their bodies are only read, without a world behind them. */
export const readableServices: readonly ReadableService[] = [{ name: 'kinesis', protocols, operations }, sts];
