import type { Env } from '../env/env.ts';
import type { Service } from '../rpc/service.ts';
import { iam } from '../services/iam/iam.ts';
import { kinesis } from '../services/kinesis/kinesis.ts';
import { kinesisWorld } from '../services/kinesis/world.ts';
import { kms } from '../services/kms/kms.ts';
import { sts } from '../services/sts/sts.ts';
import type { GatewayParts } from './gateway-parts.ts';
import type { ServerOptions } from './options.ts';
import { catalogSecretPurpose } from './secrets.ts';

/** What is served on one port. The first service answers requests that are for none of them. */
export function servicesIn(
  options: ServerOptions,
  env: Pick<Env, 'clock' | 'random' | 'logger'>,
  { control, security, buckets, ...parts }: GatewayParts,
): readonly Service[] {
  const { clock, random } = env;
  const { catalog, identity, keys } = control;
  const { rootKey, sessions, isSigned, authorizer, cipher } = security;
  const secret = rootKey.unwrap(catalog.state.secret, catalogSecretPurpose);
  return [
    kinesis(kinesisWorld(options, env, { ...parts, catalog }, secret, buckets)),
    sts({ identity, sessions, isSigned, clock }),
    iam({ identity, rootKey, clock, random }),
    kms({ keys, cipher, clock, random, background: parts.background, authorizer }),
  ];
}
