import { strict as assert } from 'node:assert';
import { StreamKeys } from '../access/keys/stream-keys.ts';
import type { Env } from '../env/env.ts';
import type { Workers } from '../env/workers.ts';
import { EncryptedRecords } from '../log/encrypted-records.ts';
import { KeyQueue } from '../log/key-queue.ts';
import type { Service } from '../rpc/service.ts';
import { cloudwatch } from '../services/cloudwatch/cloudwatch.ts';
import type { CloudWatchWorld } from '../services/cloudwatch/world.ts';
import { dynamodb } from '../services/dynamodb/dynamodb.ts';
import { dynamodbWorld } from '../services/dynamodb/world.ts';
import { firehose } from '../services/firehose/firehose.ts';
import type { FirehoseWorld } from '../services/firehose/world.ts';
import { iam } from '../services/iam/iam.ts';
import { kinesis } from '../services/kinesis/kinesis.ts';
import { KeyUse } from '../services/kinesis/parts/key-use.ts';
import { type KinesisWorld, kinesisWorld } from '../services/kinesis/world.ts';
import { kms } from '../services/kms/kms.ts';
import { lambda } from '../services/lambda/lambda.ts';
import type { LambdaWorld } from '../services/lambda/world.ts';
import { millrace } from '../services/millrace/millrace.ts';
import type { MillraceWorld } from '../services/millrace/world.ts';
import { sts } from '../services/sts/sts.ts';
import { putRecords } from '../stream/put.ts';
import { noThrottle } from '../stream/throttle.ts';
import type { Viewer } from '../views/viewer/viewer.ts';
import type { GatewayParts } from './gateway-parts.ts';
import type { KnownKeyService } from './key-service.ts';
import { functionKindsOf } from './lambda-options.ts';
import type { LateSights } from './millrace/late-sights.ts';
import type { ServerOptions } from './options.ts';
import { catalogSecretPurpose } from './secrets.ts';

/** What is served on one port, and what some of it is for the others. */
export type Served = {
  /** The first one answers requests that are for none of them. */
  readonly services: readonly Service[];
  /** Streams, with their records in the clear. */
  readonly streams: Service<KinesisWorld>;
  /** The metrics of CloudWatch, in the owner. */
  readonly metrics: CloudWatchWorld['metrics'];
};

/** All services that a thread answers for. */
export function servicesIn(
  options: ServerOptions,
  env: Pick<Env, 'clock' | 'random' | 'logger' | 'workers'>,
  { control, security, buckets, ...parts }: GatewayParts & { readonly sights: LateSights },
  { service: keyService, factsOf: factsOfKey }: KnownKeyService,
): Served {
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
  const measured = cloudwatch({
    clock,
    logger: env.logger,
    log: parts.served?.log,
    heapBytesMax: parts.served?.heapBytesMax,
    term: parts.served?.term,
  });
  const streams = kinesis(kinesisWorld(options, env, { ...parts, ...encrypted, catalog }, secret, buckets));
  const services = [
    streams,
    sts({ identity, sessions, isSigned, clock }),
    iam({ identity, rootKey, clock, random }),
    kms({ keys, cipher, clock, random, background: parts.background, authorizer }),
    measured,
    dynamodb(dynamodbWorld({ clock, random, tables: parts.served?.tables, background: parts.background })),
    lambda({
      ...{ clock, random, logger: env.logger, kinds: functionKindsOf(options) },
      ...lambdaIn(parts.served),
    }),
    firehose({ clock, random, ...firehoseIn(streams.world, parts.served) }),
    millrace({ ...streams.world, ...millraceIn(streams, parts.sights, env.workers) }),
  ];
  return { services, streams, metrics: measured.world.metrics };
}

/** What is known of streams is what Kinesis knows of them. Only the owner looks at the server. */
function millraceIn(
  { world, factsOf }: Service<KinesisWorld>,
  sights: LateSights,
  workers: Workers,
): Pick<MillraceWorld, 'factsOfStream' | 'sights' | 'viewer'> {
  let viewer: Promise<Viewer> | undefined;
  const open = async () => {
    const { Viewer } = await import('../views/viewer/viewer.ts');
    const { clock, polls } = world;
    return new Viewer({ clock, workers, ending: () => polls.ending() });
  };
  return {
    factsOfStream: (arn, action) => factsOf?.(world, arn, action),
    sights: () => sights.open(),
    viewer: () => (viewer ??= open()),
  };
}

/** What is put goes the way of all records, and is no load of a shard that anybody has to know of. */
function firehoseIn(
  streams: KinesisWorld,
  served: GatewayParts['served'],
): Omit<FirehoseWorld, 'clock' | 'random'> {
  const { catalog, encryptionKey, limited, logger } = streams;
  const unthrottled = { ...streams, throttle: noThrottle };
  return {
    ...{ catalog, encryptionKey, limited, logger, isOwner: served !== undefined },
    put: (stream, put, by) => putRecords(unthrottled, stream, put, by),
    open: async () => served?.delivery.open(),
    opened() {
      const opened = served?.delivery.opened;
      assert(opened !== undefined);
      return opened.firehose;
    },
  };
}

/** In a worker nothing of it is carried out. */
function lambdaIn(served: GatewayParts['served']): Pick<LambdaWorld, 'open' | 'opened'> {
  return {
    open: async () => served?.lambda.open(),
    opened() {
      const opened = served?.lambda.opened;
      assert(opened !== undefined);
      return opened;
    },
  };
}
