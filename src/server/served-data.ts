import { ServiceKeys } from '../access/keys/service-keys.ts';
import type { Env } from '../env/env.ts';
import type { FollowedControl } from '../gateway/control.ts';
import { EncryptedEngine } from '../log/encrypted-engine.ts';
import type { Engine } from '../log/log.ts';
import { LateTables } from '../services/dynamodb/tables/late-tables.ts';
import { lateLambda } from '../services/lambda/late-lambda.ts';
import { lateDelivery } from './delivery/late-delivery.ts';
import type { ServedData } from './gateway-parts.ts';
import type { ServerOptions } from './options.ts';
import type { Security } from './security.ts';
import { controlSegmentBytes } from './storage.ts';

type ServedDataWorld = Pick<Env, 'clock' | 'logger' | 'random' | 'pressure'> & {
  readonly control: Pick<FollowedControl, 'keys'>;
  readonly security: Pick<Security, 'rootKey'>;
};

/** What services besides Kinesis keep in an engine, in the thread that owns it. */
export function servedData(
  engine: Engine,
  world: ServedDataWorld,
  settings: Pick<ServerOptions, 'memory' | 'segmentBytes' | 'transitionDelay'>,
): ServedData {
  const heapBytesMax = world.pressure.heapBytesMax();
  const slackBytes = controlSegmentBytes(settings.segmentBytes);
  const log = settings.memory ? engine : encrypted(engine, world);
  const tables = new LateTables(log, { ...world, ...settings, slackBytes, heapBytesMax });
  const lambda = lateLambda(log, world);
  const delivery = lateDelivery(log, world);
  return { log, tables, lambda, delivery, heapBytesMax };
}

/** Always, as at AWS (DynamoDB developer guide, "Encryption at rest"). What stays in memory need not be. */
function encrypted(engine: Engine, { control: { keys }, security, random }: ServedDataWorld): Engine {
  return new EncryptedEngine(engine, new ServiceKeys({ keys, root: security.rootKey, random }));
}
