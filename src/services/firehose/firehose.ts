import type { ResourceFacts } from '../../access/policy/access.ts';
import { lateService } from '../../rpc/late-service.ts';
import type { Service } from '../../rpc/service.ts';
import { json } from '../../wire/json/json.ts';
import { targetProtocol } from '../../wire/target-protocol.ts';
import { findDeliveryStream, parseDeliveryStreamArn } from './parts/delivery-stream.ts';
import type { FirehoseWorld } from './world.ts';

/** `Firehose_20150804` is the name of the service's shape in AWS's model. */
export const protocols = [targetProtocol('awsJson1_1', json, 'Firehose_20150804')] as const;

/** Data Firehose in a world: delivery streams, what is put to them, and how deliveries do. */
export function firehose(world: FirehoseWorld): Service<FirehoseWorld> {
  const head = { name: 'firehose', scopes: ['firehose'], protocols, factsOf, world };
  return lateService(head, async () => {
    const { operations } = await import('./operations.ts');
    await world.open();
    return { operations, unserved: new Set<string>() };
  });
}

/** What policies may ask about a delivery stream: its tags. */
function factsOf({ opened }: FirehoseWorld, resource: string): ResourceFacts | undefined {
  const address = parseDeliveryStreamArn(resource);
  const found = address && findDeliveryStream(opened().journal, address);
  return found && { policy: null, tags: found.tags.map(([key, value]) => ({ key, value })) };
}
