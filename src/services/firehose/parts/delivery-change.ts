import { deliveryStreamKeyOf } from '../../../delivery/state/delivery-state.ts';
import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import { inUse } from '../errors.ts';
import type { FirehoseWorld } from '../world.ts';
import { findDeliveryStream, requireDeliveryStream } from './delivery-stream.ts';
import { editsOfHiddenTags } from './hidden-stream.ts';

/**
 * Commits what `change` makes of a delivery stream, and tells of it. Rejects with ResourceNotFoundException,
 * and with what `change` throws.
 */
export async function changeDeliveryStream(
  { opened }: Pick<FirehoseWorld, 'opened'>,
  address: StreamAddress,
  change: (stream: DeliveryStreamRecord) => DeliveryStreamRecord,
): Promise<void> {
  const { journal, nudge } = opened();
  await journal.commit((state) => {
    const stream = requireDeliveryStream({ state }, address);
    const value = change(stream);
    if (value === stream) return [];
    return [{ kind: 'said', of: 'stream', key: deliveryStreamKeyOf(stream), value }];
  });
  nudge();
}

/** Changes the tags of a delivery stream, and of its hidden stream. */
export async function changeTags(
  world: FirehoseWorld,
  address: StreamAddress,
  change: (tags: DeliveryStreamRecord['tags']) => DeliveryStreamRecord['tags'],
): Promise<void> {
  await changeDeliveryStream(world, address, (stream) => ({ ...stream, tags: change(stream.tags) }));
  const changed = findDeliveryStream(world.opened().journal, address);
  if (changed !== undefined) await world.catalog.commit((state) => editsOfHiddenTags(state, changed));
}

/** ResourceInUseException for a delivery stream that is being made, or goes. */
export function requireActive({ name, account, status }: DeliveryStreamRecord): void {
  if (status === 'ACTIVE') return;
  throw inUse(`Firehose ${name} under account ${account} is not in ACTIVE state: it is in ${status} state`);
}
