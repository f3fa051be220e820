import { missingIn } from './check-deliveries.ts';
import type { DeliveryModel, StoredObject } from './delivery-model.ts';
import { bringUp, describe, remove } from './delivery-owner.ts';
import type { DeliveryWork } from './delivery-work.ts';
import { putSome } from './delivery-writer.ts';

/**
 * Once the world has come to rest, every delivery works again and delivers all that it owes; those that were
 * to go are gone. `objects` answers what is in the bucket now.
 */
export async function auditDeliveries(
  work: DeliveryWork,
  objects: () => readonly StoredObject[],
): Promise<void> {
  const present = work.deliveries.deliveries.filter(({ gone }) => gone === undefined);
  for (const delivery of present) {
    if (delivery.doomed !== undefined) await goes(work, delivery);
    else if (delivery.active !== undefined) await works(work, delivery);
    else await comesUp(work, delivery);
  }
  for (let waited = 0; waited < doneMsMax; waited += lookMs) {
    if (missingIn(work.deliveries, objects()).length === 0) break;
    await work.world.scheduler.sleep(lookMs);
  }
  // What is there twice may take longer than what is there once.
  await work.world.scheduler.sleep(afterMs);
}

async function goes(work: DeliveryWork, delivery: DeliveryModel): Promise<void> {
  for (let look = 0; look < looksMax && delivery.gone === undefined; look++) {
    await remove(work, delivery);
    await work.world.scheduler.sleep(lookMs);
  }
  if (delivery.gone === undefined) work.world.violate(`stuck: ${delivery.name} cannot be deleted`);
}

/** Whose creation was under way. */
async function comesUp(work: DeliveryWork, delivery: DeliveryModel): Promise<void> {
  for (let look = 0; look < looksMax && delivery.active === undefined; look++) {
    if (delivery.gone !== undefined || delivery.stream?.doomed !== undefined) return;
    await bringUp(work, delivery);
    await work.world.scheduler.sleep(lookMs);
  }
  if (delivery.active === undefined) work.world.violate(`stuck: ${delivery.name} does not become ACTIVE`);
  else await works(work, delivery);
}

/** It takes records, where any are put for it alone. */
async function works(work: DeliveryWork, delivery: DeliveryModel): Promise<void> {
  await describe(work, delivery);
  if (delivery.kind === 'stream') return;
  for (let look = 0; look < looksMax; look++) {
    if (await putSome(work, delivery, 2)) return;
    await work.world.scheduler.sleep(lookMs);
  }
  work.world.violate(`stuck: ${delivery.name} takes no records`);
}

const looksMax = 40;
const lookMs = 500;

/** Longer than every back-off. */
const doneMsMax = 180_000;
const afterMs = 12_000;
