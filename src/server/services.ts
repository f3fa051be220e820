import { StreamKeys } from '../access/keys/stream-keys.ts';
import type { Env } from '../env/env.ts';
import { EncryptedRecords } from '../log/encrypted-records.ts';
import { KeyQueue } from '../log/key-queue.ts';
import type { Service } from '../rpc/service.ts';
import { cloudwatch } from '../services/cloudwatch/cloudwatch.ts';
import { dynamodb } from '../services/dynamodb/dynamodb.ts';
import { dynamodbWorld } from '../services/dynamodb/world.ts';
import { iam } from '../services/iam/iam.ts';
import { kinesis } from '../services/kinesis/kinesis.ts';
import { KeyUse } from '../services/kinesis/parts/key-use.ts';
import { kinesisWorld } from '../services/kinesis/world.ts';
import { kms } from '../services/kms/kms.ts';
import { sts } from '../services/sts/sts.ts';
import type { GatewayParts } from './gateway-parts.ts';
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
  const { clock, random } = env;
  const { catalog, identity, keys } = control;
  const { rootKey, sessions, isSigned, authorizer, cipher } = security;
  const secret = rootKey.unwrap(catalog.state.secret, catalogSecretPurpose);
  const streamKeys = new StreamKeys({ catalog, service: keyService, clock });
  const queue = new KeyQueue();
  const encrypted = {
    log: new EncryptedRecords(parts.log, streamKeys, queue),
    keyService,
    keyUse: new KeyUse({ keys: streamKeys, queue, service: keyService, authorizer, factsOfKey }),
  };
  return [
    kinesis(kinesisWorld(options, env, { ...parts, ...encrypted, catalog }, secret, buckets)),
    sts({ identity, sessions, isSigned, clock }),
    iam({ identity, rootKey, clock, random }),
    kms({ keys, cipher, clock, random, background: parts.background, authorizer }),
    cloudwatch({
      clock,
      logger: env.logger,
      log: parts.served?.log,
      heapBytesMax: parts.served?.heapBytesMax,
      term: parts.served?.term,
    }),
    dynamodb(dynamodbWorld({ clock, random, tables: parts.served?.tables, background: parts.background })),
  ];
}
