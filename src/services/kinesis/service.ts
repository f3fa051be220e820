import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../env/clock.ts';
import type { Logger } from '../../env/logger.ts';
import type { Records } from '../../log/log.ts';
import type { CallRates } from '../../rpc/call-rate.ts';
import type { BrowserRule } from '../../rpc/cors.ts';
import type { Background } from '../../stream/background.ts';
import type { EncodedBatches } from '../../stream/encoded-batches.ts';
import type { FanOut } from '../../stream/fan-out.ts';
import type { Load } from '../../stream/load.ts';
import type { PageBudget } from '../../stream/page-budget.ts';
import type { Subscriptions } from '../../stream/subscriptions.ts';
import type { Throttle } from '../../stream/throttle.ts';
import type { Tokens } from '../../stream/token.ts';

/** What operations work with. */
export type Service = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalog: Catalog;
  /** The engine that holds the records. */
  readonly log: Records;
  readonly throttle: Throttle;
  readonly load: Load;
  readonly tokens: Tokens;
  readonly background: Background;
  readonly pages: PageBudget;
  readonly written: EncodedBatches;
  readonly fanOut: FanOut;
  readonly subscriptions: Subscriptions;
  readonly rates: CallRates;
  readonly browsers: BrowserRule;
  /** Whether AWS's quotas of streams, shards and rates apply. */
  readonly limited: boolean;
};
