import type { Catalog } from '../../catalog/catalog.ts';
import type { DeliverySight } from '../../delivery/delivery-world.ts';
import type { SchemaSource } from '../../delivery/schema/schema-source.ts';
import type { DeliveryJournal } from '../../delivery/state/delivery-state.ts';
import type { Clock } from '../../env/clock.ts';
import type { Logger } from '../../env/logger.ts';
import type { Random } from '../../env/random.ts';
import type { Stream } from '../../kinesis/stream.ts';
import type { RoutedPut } from '../../stream/routed-put.ts';
import type { DeliveryKeys } from './parts/delivery-keys.ts';

/** What the operations of Firehose work with. */
export type FirehoseWorld = {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Hidden streams are there, which have what was put. */
  readonly catalog: Catalog;
  /** `putRecords` of stream/put.ts, without a throttle. */
  readonly put: (stream: Stream, put: RoutedPut, by: string) => Promise<void>;
  /** The key that hidden streams are encrypted with where nothing else was asked for; null for none. */
  readonly encryptionKey: string | null;
  /** Whether AWS's limits apply. */
  readonly limited: boolean;
  /** Whether this is the owner, where all is known; a worker knows the catalog, and puts by it. */
  readonly isOwner: boolean;
  /** Opens what is opened for the first call: for `later`. In a worker there is nothing to open. */
  readonly open: () => Promise<unknown>;
  /** What was opened by then; for operations of the owner. */
  readonly opened: () => OpenedFirehose;
};

export type OpenedFirehose = {
  readonly journal: DeliveryJournal;
  readonly keys: DeliveryKeys;
  /** Where the columns are of a database and a table of Glue; undefined where that is not said. */
  readonly schemas: Pick<SchemaSource, 'columnsOf'> | undefined;
  /**
   * Throws `ServiceError` where a role may not read a stream, or there is no such stream. Where signatures
   * are not verified, every role may.
   */
  readonly requireSource: (streamArn: string, role: string) => void;
  /**
   * Whether Firehose may take on a role for a delivery stream, by their ARNs: where signatures are not
   * verified, any.
   */
  readonly isAssumable: (role: string, by: string) => boolean;
  /** Why this server delivers nothing to a URL, in one line; undefined where it does. */
  readonly endpointRefusal: (url: string) => string | undefined;
  /** Of all deliveries of all gateways, as far as they answer. */
  readonly sights: () => Promise<readonly DeliverySight[]>;
  /** Told of delivery streams that are to change their state. */
  readonly nudge: () => void;
};
