import type { Authenticate } from '../access/caller.ts';
import type { Env } from '../env/env.ts';
import { CallRates } from '../rpc/call-rate.ts';
import { browserRule } from '../rpc/cors.ts';
import type { DispatchWorld } from '../rpc/dispatch.ts';
import { type LargeBodies, readInTurns } from '../rpc/large-body.ts';
import type { Pages } from '../rpc/page.ts';
import type { ServerOptions } from './options.ts';

/** What a thread that takes requests dispatches them with. */
export function dispatchWorld(
  { limits, cors, credentials }: Pick<ServerOptions, 'limits' | 'cors' | 'credentials'>,
  { clock, random, logger }: Pick<Env, 'clock' | 'random' | 'logger'>,
  authenticate: Authenticate,
  pages: Pages,
  bodies: LargeBodies = readInTurns(clock),
): DispatchWorld {
  const rates = limits === 'aws' ? new CallRates(clock) : undefined;
  const browsers = browserRule(cors, credentials === undefined);
  return { clock, random, logger, authenticate, browsers, pages, rates, bodies };
}
