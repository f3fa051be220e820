import type { ResourceFacts } from '../../../access/policy/access.ts';
import type { FirehoseWorld } from '../world.ts';
import { findDeliveryStream, parseDeliveryStreamArn } from './delivery-stream.ts';

/** What policies may ask about a delivery stream: its tags. */
export function factsOf({ opened }: FirehoseWorld, resource: string): ResourceFacts | undefined {
  const address = parseDeliveryStreamArn(resource);
  const found = address && findDeliveryStream(opened().journal, address);
  return found && { policy: null, tags: found.tags.map(([key, value]) => ({ key, value })) };
}
