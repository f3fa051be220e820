import { CallRates } from '../api/call-rate.ts';
import { browserRule } from '../api/cors.ts';
import type { Service } from '../api/service.ts';
import { encodePageWith } from '../api/subscribe-to-shard.ts';
import type { Env } from '../env/env.ts';
import { FanOut } from '../stream/fan-out.ts';
import { PageBudget } from '../stream/page-budget.ts';
import { Subscriptions } from '../stream/subscriptions.ts';
import { awsThrottle, type Buckets, noThrottle } from '../stream/throttle.ts';
import { makeTokens } from '../stream/token.ts';
import { WrittenBatches } from '../stream/written-batches.ts';
import type { ServerOptions } from './options.ts';

/**
 * What operations work with, on a catalog that has its secret. `buckets` are those of all threads that take requests; undefined
 * when this is the only one.
 */
export function serviceOn(
  { limits, cors, credentials }: Pick<ServerOptions, 'limits' | 'cors' | 'credentials'>,
  { clock, random, logger }: Pick<Env, 'clock' | 'random' | 'logger'>,
  state: Pick<Service, 'catalog' | 'log' | 'load' | 'background'>,
  buckets?: Buckets,
): Service {
  const limited = limits === 'aws';
  const written = new WrittenBatches();
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
