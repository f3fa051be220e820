import type { Env } from '../../env/env.ts';
import { CallRates } from '../../rpc/call-rate.ts';
import { browserRule } from '../../rpc/cors.ts';
import type { ServerOptions } from '../../server/options.ts';
import { FanOut } from '../../stream/fan-out.ts';
import { PageBudget } from '../../stream/page-budget.ts';
import { Subscriptions } from '../../stream/subscriptions.ts';
import { awsThrottle, type Buckets, noThrottle } from '../../stream/throttle.ts';
import { makeTokens } from '../../stream/token.ts';
import { encodePageWith } from './operations/subscribe-to-shard.ts';
import { EncodedBatches, keptBytesMax } from './parts/encoded-batches.ts';
import type { Service } from './service.ts';

/**
 * What operations work with, on a catalog that has its secret. `buckets` are those of all threads that take
 * requests; undefined when this is the only one.
 */
export function serviceOn(
  { limits, cors, credentials, fronts }: Pick<ServerOptions, 'limits' | 'cors' | 'credentials' | 'fronts'>,
  { clock, random, logger }: Pick<Env, 'clock' | 'random' | 'logger'>,
  state: Pick<Service, 'catalog' | 'log' | 'load' | 'background'>,
  buckets?: Buckets,
): Service {
  const limited = limits === 'aws';
  const written = new EncodedBatches(keptBytesOf(fronts));
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
 * What one thread keeps of what it wrote: its share, and no less than the largest page has in JSON. The
 * fronts' owner is a thread, too.
 */
export function keptBytesOf(fronts = 1): number {
  return fronts === 1 ? keptBytesMax : Math.max(pageBytesMax, Math.floor(keptBytesMax / (fronts + 1)));
}

/** 10 MiB in base64, and what is said about the records. */
const pageBytesMax = 16 * 1024 * 1024;
