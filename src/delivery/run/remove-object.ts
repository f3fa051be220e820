import { type ObjectStore, ObjectStoreError } from '../../env/object-store.ts';
import type { PlannedObject } from '../state/delivery-state.ts';

/**
 * Rejects as stores do, but where nothing is known to be there: in a bucket that is gone, or one of somebody
 * else's, to which nothing was put either.
 */
export async function removeObject(
  objects: ObjectStore,
  place: PlannedObject,
  signal: AbortSignal,
): Promise<void> {
  try {
    await objects.delete(place, signal);
  } catch (error) {
    if (!isRefusal(error) || (await isSeen(objects, place, signal))) throw error;
  }
}

async function isSeen(objects: ObjectStore, place: PlannedObject, signal: AbortSignal): Promise<boolean> {
  try {
    return (await objects.head(place, signal)) !== undefined;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ObjectStoreError && !error.passes;
}
