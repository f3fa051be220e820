import type { Catalog } from '../../../catalog/catalog.ts';
import type { Placement } from '../../../cluster/placement.ts';
import type { Clock } from '../../../env/clock.ts';
import type { Logger } from '../../../env/logger.ts';
import type { Random } from '../../../env/random.ts';
import type { Records } from '../../../log/log.ts';
import type { Destinations } from '../failures/destinations.ts';
import type { FailureStore } from '../failures/failure-store.ts';
import type { RecordFilter } from '../filter/record-filter.ts';
import type { Functions } from '../functions/functions.ts';
import type { MappingMetrics } from '../mappings/mapping-metrics.ts';
import type { MappingSight } from '../mappings/mapping-sight.ts';
import type { SourceAccess } from '../mappings/source-access.ts';
import type { LambdaJournal } from '../state/lambda-state.ts';

/** What mappings are run with. */
export type PollerWorld = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly journal: LambdaJournal;
  readonly catalog: Catalog;
  /** The records of streams, in the clear. */
  readonly log: Records;
  readonly functions: Functions;
  readonly failures: FailureStore;
  readonly destinations: Destinations;
  readonly metrics: MappingMetrics;
  readonly sources: SourceAccess;
  readonly placement: Placement;
  /** Patterns that were checked when they were taken. */
  readonly filterOf: (patterns: readonly string[]) => RecordFilter;
};

/**
 * All mappings, as they run here and as far as they are held here. Disposed of, it begins no call any more,
 * lets calls under way answer for a while, and checkpoints what they did.
 */
export interface RunningMappings extends AsyncDisposable, MappingSight {}
