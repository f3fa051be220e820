import { CallRates } from '../api/call-rate.ts';
import type { Service } from '../api/service.ts';
import { encodePage } from '../api/subscribe-to-shard.ts';
import type { Env } from '../env/env.ts';
import { FanOut } from '../stream/fan-out.ts';
import { Subscriptions } from '../stream/subscriptions.ts';
import { awsThrottle, type Buckets, noThrottle } from '../stream/throttle.ts';
import { makeTokens } from '../stream/token.ts';
import type { ServerOptions } from './options.ts';

/**
 * What operations work with, on a catalog that has its secret. `buckets` are those of all threads that take requests; undefined
 * when this is the only one.
 */
export function serviceOn(
  { limits }: Pick<ServerOptions, 'limits'>,
  { clock, random, logger }: Pick<Env, 'clock' | 'random' | 'logger'>,
  state: Pick<Service, 'catalog' | 'log' | 'load' | 'background'>,
  buckets?: Buckets,
): Service {
  const limited = limits === 'aws';
  return {
    ...state,
    clock,
    logger,
    limited,
    throttle: limited ? awsThrottle(clock, buckets) : noThrottle,
    tokens: makeTokens(Buffer.from(state.catalog.state.secret, 'hex'), random),
    fanOut: new FanOut(encodePage),
    subscriptions: new Subscriptions(clock),
    rates: new CallRates(clock),
  };
}
