import type { Env } from '../env/env.ts';
import type { ReadableService } from '../rpc/large-body.ts';
import type { Service } from '../rpc/service.ts';
import { kinesis } from '../services/kinesis/kinesis.ts';
import { operations } from '../services/kinesis/operations.ts';
import { protocols } from '../services/kinesis/protocols.ts';
import { kinesisWorld } from '../services/kinesis/world.ts';
import { sts } from '../services/sts/sts.ts';
import type { GatewayParts } from './gateway.ts';
import type { ServerOptions } from './options.ts';
import { catalogSecretPurpose } from './secrets.ts';

/** What is served on one port. The first service answers requests that are for none of them. */
export function servicesIn(
  options: ServerOptions,
  env: Pick<Env, 'clock' | 'random' | 'logger'>,
  { control, security, buckets, ...parts }: GatewayParts,
): readonly Service[] {
  const { catalog } = control;
  const secret = security.rootKey.unwrap(catalog.state.secret, catalogSecretPurpose);
  return [kinesis(kinesisWorld(options, env, { ...parts, catalog }, secret, buckets)), sts];
}

/** What a signature may be scoped to, whichever service it calls. */
export const servedScopes: readonly string[] = ['kinesis', ...sts.scopes];

/** The same services where their bodies are only read, without a world behind them. */
export const readableServices: readonly ReadableService[] = [{ name: 'kinesis', protocols, operations }, sts];
