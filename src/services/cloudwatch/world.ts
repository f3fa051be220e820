import type { Clock } from '../../env/clock.ts';
import type { Logger } from '../../env/logger.ts';
import type { Engine } from '../../log/log.ts';
import type { MetricStore } from './metrics/metric-store.ts';

/** What the operations of CloudWatch work with. */
export type CloudWatchWorld = {
  readonly clock: Clock;
  /** The metrics, read from the log by the first call that asks; in the owner alone. */
  readonly metrics: () => Promise<MetricStore>;
};

/** What CloudWatch is made of. */
export type CloudWatchParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where metrics are kept; undefined in a worker, which has none. */
  readonly log: Engine | undefined;
  /**
   * Another number when others may have written to the log since: it is read again then. Absent where there
   * is nobody else.
   */
  readonly term?: (() => number) | undefined;
  /** How many bytes the heap of the process can have; undefined in a worker. */
  readonly heapBytesMax: number | undefined;
};
