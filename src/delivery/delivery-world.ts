import type { Catalog } from '../catalog/catalog.ts';
import type { Placement } from '../cluster/placement.ts';
import type { Clock, Millis } from '../env/clock.ts';
import type { HttpClient } from '../env/http-client.ts';
import type { Logger } from '../env/logger.ts';
import type { ObjectStore } from '../env/object-store.ts';
import type { Random } from '../env/random.ts';
import type { Workers } from '../env/workers.ts';
import type { CatalogSpec } from '../iceberg/catalog-spec.ts';
import type { IcebergCatalog } from '../iceberg/iceberg-table.ts';
import type { Engine, Records } from '../log/log.ts';
import type { DeliverySpec } from './delivery-spec.ts';
import type { DeliveryJournal } from './state/delivery-state.ts';

/** What deliveries run with. */
export type DeliveryWorld = {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly client: HttpClient;
  readonly workers: Workers;
  readonly journal: DeliveryJournal;
  readonly catalog: Catalog;
  /** Of all streams, decrypted. */
  readonly log: Records;
  /** Has what a hidden stream was delivered of be forgotten. */
  readonly trim: Engine['trim'];
  readonly placement: Placement;
  /** Undefined where it is not said where the store is: deliveries say so, and wait. */
  readonly objects: ObjectStore | undefined;
  readonly catalogOf: (spec: CatalogSpec) => IcebergCatalog;
  readonly functions: TransformFunctions;
  readonly rights: DeliveryRights;
  readonly metrics: DeliveryMetrics;
  readonly wanted: WantedDeliveries;
};

/** Which deliveries there are to be; whoever keeps them says so. */
export interface WantedDeliveries {
  all(): readonly DeliverySpec[];
  /** Resolves when `all` may answer otherwise, or the signal is aborted. Never rejects. */
  changed(signal: AbortSignal): Promise<void>;
}

/** What deliveries may do now: as their roles are allowed, and as this server is set up. */
export interface DeliveryRights {
  /** Why this server sends nothing to where a delivery goes, in one line; undefined where it does. */
  refusalOf(spec: DeliverySpec): string | undefined;
  /**
   * Throws an error that says in one line why what is stored under these KMS keys may not be read for a
   * delivery. Asked for each slice that is read, before anything of it goes further.
   */
  requireToRead(spec: DeliverySpec, keyArns: readonly string[]): void;
}

/** Functions that transform. */
export interface TransformFunctions {
  /**
   * Invokes a function as a role, once. Resolves with its answer, or with how it failed: an error of its own
   * (`FunctionError`), or one of the service that may pass (`ServiceError`). Rejects with the signal's
   * reason.
   */
  invoke(arn: string, role: string, payload: Buffer, signal: AbortSignal): Promise<TransformAnswer>;
}

export type TransformAnswer =
  | { readonly kind: 'answered'; readonly payload: Buffer }
  | { readonly kind: 'failed'; readonly passes: boolean; readonly code: string; readonly message: string };

/** Counts for CloudWatch, under AWS's names. */
export interface DeliveryMetrics {
  count(
    spec: DeliverySpec,
    metric: string,
    value: number,
    unit: 'Count' | 'Bytes' | 'Seconds' | 'Milliseconds',
  ): void;
}

/** How a delivery does, for whoever looks. */
export type DeliverySight = {
  readonly id: string;
  readonly owner: DeliverySpec['owner'];
  readonly destination: DeliverySpec['destination']['kind'];
  readonly state: 'running' | 'elsewhere' | 'waiting' | 'failing' | 'suspended' | 'over';
  /** Why it waits, fails or is suspended: one line. */
  readonly reason?: string | undefined;
  /** The age of the oldest record that is not delivered; 0 when there is none. */
  readonly freshnessMs: Millis;
  readonly records: number;
  readonly bytes: number;
  readonly objects: number;
  readonly refused: number;
  /** Over the last minute. */
  readonly bytesPerSecond: number;
  readonly doneAt?: Millis | undefined;
  /** Records that a delivery which ends has delivered, of those that it is to: `over` when it has all. */
  readonly once?: { readonly done: number; readonly all: number } | undefined;
};

/**
 * All deliveries that are wanted, as they run here and as far as they are held here. Disposed of, it begins
 * nothing any more and lets what is being put be done for a while; the rest is done by the next start.
 */
export interface RunningDeliveries extends AsyncDisposable {
  /** Freshness of what is not read here is what it was when `lookAround` was called last. */
  sight(): readonly DeliverySight[];
  /** The same, once it was looked up how old what waits is of deliveries that do not run here. */
  lookAround(): Promise<readonly DeliverySight[]>;
}
