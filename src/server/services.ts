import { KeyCipher } from '../access/keys/key-cipher.ts';
import type { Env } from '../env/env.ts';
import type { ReadableService } from '../rpc/large-body.ts';
import type { Service } from '../rpc/service.ts';
import { kinesis } from '../services/kinesis/kinesis.ts';
import { operations } from '../services/kinesis/operations.ts';
import { protocols } from '../services/kinesis/protocols.ts';
import { kinesisWorld } from '../services/kinesis/world.ts';
import { kms, protocols as kmsProtocols } from '../services/kms/kms.ts';
import { operations as kmsOperations } from '../services/kms/operations.ts';
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
  const cipher = new KeyCipher(security.rootKey, env.random);
  const { authorizer } = security;
  return [
    kinesis(kinesisWorld(options, env, { ...parts, catalog }, secret, buckets)),
    kms({ ...env, keys: control.keys, cipher, authorizer, background: parts.background }),
    sts,
  ];
}

/** What a signature may be scoped to, whichever service it calls. */
export const servedScopes: readonly string[] = ['kinesis', 'kms', ...sts.scopes];

/** The same services where their bodies are only read, without a world behind them. */
export const readableServices: readonly ReadableService[] = [
  { name: 'kinesis', protocols, operations },
  { name: 'kms', protocols: kmsProtocols, operations: kmsOperations },
  sts,
];
