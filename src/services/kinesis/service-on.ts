import type { Env } from '../../env/env.ts';
import { CallRates } from '../../rpc/call-rate.ts';
import { browserRule } from '../../rpc/cors.ts';
import type { ServerOptions } from '../../server/options.ts';
import { EncodedBatches, keptBytesMax } from '../../stream/encoded-batches.ts';
import { FanOut } from '../../stream/fan-out.ts';
import { PageBudget } from '../../stream/page-budget.ts';
import { Subscriptions } from '../../stream/subscriptions.ts';
import { awsThrottle, type Buckets, noThrottle } from '../../stream/throttle.ts';
import { makeTokens } from '../../stream/token.ts';
import { encodePageWith } from './operations/subscribe-to-shard.ts';
import type { Service } from './service.ts';

/**
 * What operations work with, on a catalog that has its secret. `buckets` are those of all threads that take
 * requests; undefined when this is the only one.
 */
export function serviceOn(
  { limits, cors, credentials, workers }: Pick<ServerOptions, 'limits' | 'cors' | 'credentials' | 'workers'>,
  { clock, random, logger }: Pick<Env, 'clock' | 'random' | 'logger'>,
  state: Pick<Service, 'catalog' | 'log' | 'load' | 'background'>,
  buckets?: Buckets,
): Service {
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
    subscriptions: new Subscriptions(clock),
    rates: new CallRates(clock),
    browsers: browserRule(cors, credentials === undefined),
  };
}

/**
 * What one thread keeps of what it wrote: its share, and no less than the largest page has in JSON. While
 * workers may come, it is half of what there is.
 */
export function keptBytesOf(workers: number | 'auto' = 0): number {
  if (workers === 'auto') return keptBytesMax / 2;
  return Math.max(pageBytesMax, Math.floor(keptBytesMax / (workers + 1)));
}

/** 10 MiB in base64, and what is said about the records. */
const pageBytesMax = 16 * 1024 * 1024;
