import type { ChunkTable, FormattedChunk, RefusedTable } from '../formatter/chunk-setting.ts';
import type { SourceSlice } from '../source/source-slice.ts';
import type { ChunkPlan, DeliveryProgress, PlannedObject } from '../state/delivery-state.ts';

/** What there is to do for a chunk besides putting its objects. */
export interface ChunkDestination {
  /**
   * The tables that a chunk may have rows for, which begins with these records; a plan says that it is made
   * again.
   */
  tables(first: SourceSlice, plan?: ChunkPlan): Promise<readonly (ChunkTable | RefusedTable)[]>;
  /** What the destination itself says of how far it has come, where that is more than is known. */
  ahead(known: DeliveryProgress): Promise<DeliveryProgress | undefined>;
  /** Whether an object of an earlier attempt may be in use there. */
  keeps(stale: PlannedObject): boolean;
  /**
   * Takes a chunk, all of whose objects were put; as often as it is asked to, once. Whether it was asked
   * before, in another run, makes a difference to when it may be given up: it rejects with `GivenUpError`.
   */
  take(formatted: FormattedChunk, plan: ChunkPlan, wasAsked: boolean): Promise<void>;
}

/** Objects in a store are all there is. */
export const objectsOnly: ChunkDestination = {
  tables: async () => [],
  ahead: async () => undefined,
  keeps: () => false,
  take: async () => undefined,
};
