import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../env/clock.ts';
import type { Env } from '../../env/env.ts';
import type { Logger } from '../../env/logger.ts';
import type { Records } from '../../log/log.ts';
import type { Background } from '../../stream/background.ts';
import { FanOut } from '../../stream/fan-out.ts';
import type { Load } from '../../stream/load.ts';
import { PageBudget } from '../../stream/page-budget.ts';
import type { Subscriptions } from '../../stream/subscriptions.ts';
import { awsThrottle, type Buckets, noThrottle, type Throttle } from '../../stream/throttle.ts';
import { makeTokens, type Tokens } from '../../stream/token.ts';
import { encodePageWith } from './operations/subscribe-to-shard.ts';
import { EncodedBatches, keptBytesMax } from './parts/encoded-batches.ts';

/** What Kinesis's operations work with. */
export type KinesisWorld = {
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
  /** Whether AWS's quotas of streams, shards and rates apply. */
  readonly limited: boolean;
};

/** What a server's options say of it. */
export type KinesisOptions = {
  readonly limits: 'aws' | 'none';
  /** How many threads take requests besides the first; undefined for none. */
  readonly workers: number | 'auto' | undefined;
};

/**
 * The world on a catalog that has its secret. `buckets` are those of all threads that take requests;
 * undefined when this is the only one.
 */
export function kinesisWorld(
  { limits, workers }: KinesisOptions,
  { clock, random, logger }: Pick<Env, 'clock' | 'random' | 'logger'>,
  state: Pick<KinesisWorld, 'catalog' | 'log' | 'load' | 'background' | 'subscriptions'>,
  buckets?: Buckets,
): KinesisWorld {
  const limited = limits === 'aws';
  const written = new EncodedBatches(keptBytesOf(workers));
  return {
    ...state,
    clock,
    logger,
    limited,
    throttle: limited ? awsThrottle(clock, buckets) : noThrottle,
    tokens: makeTokens(Buffer.from(state.catalog.state.secret, 'hex'), random),
    pages: new PageBudget(),
    written,
    fanOut: new FanOut(encodePageWith(written)),
  };
}

/**
 * What one thread keeps of what it wrote: its share, and no less than the largest page has in JSON. While
 * workers may come, it is half of what there is.
 */
function keptBytesOf(workers: number | 'auto' = 0): number {
  if (workers === 'auto') return keptBytesMax / 2;
  return Math.max(pageBytesMax, Math.floor(keptBytesMax / (workers + 1)));
}

/** 10 MiB in base64, and what is said about the records. */
const pageBytesMax = 16 * 1024 * 1024;
