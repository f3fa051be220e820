import { type ObjectStore, ObjectStoreError } from '../../env/object-store.ts';
import type { PlannedObject } from '../state/delivery-state.ts';

/** Rejects as stores do, but where the bucket itself is gone: nothing is in it. */
export async function removeObject(
  objects: ObjectStore,
  place: PlannedObject,
  signal: AbortSignal,
): Promise<void> {
  try {
    await objects.delete(place, signal);
  } catch (error) {
    if (!(error instanceof ObjectStoreError && error.code === 'NoSuchBucket')) throw error;
  }
}
