import { KeyCipher } from '../access/keys/key-cipher.ts';
import { StreamKeys } from '../access/keys/stream-keys.ts';
import type { Env } from '../env/env.ts';
import { EncryptedRecords } from '../log/encrypted-records.ts';
import type { ReadableService } from '../rpc/large-body.ts';
import type { Service } from '../rpc/service.ts';
import { kinesis } from '../services/kinesis/kinesis.ts';
import { operations } from '../services/kinesis/operations.ts';
import { KeyUse } from '../services/kinesis/parts/key-use.ts';
import { protocols } from '../services/kinesis/protocols.ts';
import { kinesisWorld } from '../services/kinesis/world.ts';
import { kms, protocols as kmsProtocols } from '../services/kms/kms.ts';
import { operations as kmsOperations } from '../services/kms/operations.ts';
import { sts } from '../services/sts/sts.ts';
import type { GatewayParts } from './gateway.ts';
import type { KnownKeyService } from './key-service.ts';
import type { ServerOptions } from './options.ts';
import { catalogSecretPurpose } from './secrets.ts';

/** What is served on one port. The first service answers requests that are for none of them. */
export function servicesIn(
  options: ServerOptions,
  env: Pick<Env, 'clock' | 'random' | 'logger'>,
  { control, security, buckets, ...parts }: GatewayParts,
  { service: keyService, factsOf: factsOfKey }: KnownKeyService,
): readonly Service[] {
  const { catalog } = control;
  const keys = new StreamKeys({ catalog, service: keyService, clock: env.clock });
  const { authorizer } = security;
  const encrypted = {
    log: new EncryptedRecords(parts.log, keys),
    keyService,
    keyUse: new KeyUse({ keys, service: keyService, authorizer, factsOfKey }),
  };
  const secret = security.rootKey.unwrap(catalog.state.secret, catalogSecretPurpose);
  const cipher = new KeyCipher(security.rootKey, env.random);
  return [
    kinesis(kinesisWorld(options, env, { ...parts, ...encrypted, catalog }, secret, buckets)),
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
