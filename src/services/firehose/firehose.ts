import { lateService } from '../../rpc/late-service.ts';
import type { Service } from '../../rpc/service.ts';
import { json } from '../../wire/json/json.ts';
import { targetProtocol } from '../../wire/target-protocol.ts';
import type { FirehoseWorld } from './world.ts';

/** `Firehose_20150804` is the name of the service's shape in AWS's model. */
export const protocols = [targetProtocol('awsJson1_1', json, 'Firehose_20150804')] as const;

/** Data Firehose in a world: delivery streams, what is put to them, and how deliveries do. */
export function firehose(world: FirehoseWorld): Service<FirehoseWorld> {
  return lateService({ name: 'firehose', scopes: ['firehose'], protocols, world }, async () => {
    const { operations } = await import('./operations.ts');
    const { factsOf } = await import('./parts/facts.ts');
    await world.open();
    return { operations, unserved: new Set<string>(), factsOf };
  });
}
