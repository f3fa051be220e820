import type { Env } from '../../env/env.ts';
import { KeptCounts } from '../../services/millrace/parts/counted.ts';
import type { FoundReaders, SightsWorld } from '../../services/millrace/sights-world.ts';
import type { MeterReadings } from '../../stream/meter/counts.ts';
import type { ServerOptions } from '../options.ts';
import type { Security } from '../security.ts';

/** What of a server is looked at. */
export type SightsSurroundings = {
  readonly security: Pick<Security, 'authorizer'>;
};

/** Puts together what those who look at a server see. */
export async function openSights(
  _settings: ServerOptions,
  env: Env,
  { security }: SightsSurroundings,
): Promise<SightsWorld> {
  const { clock } = env;
  const meters = noMeters(clock.now());
  return {
    authorizer: security.authorizer,
    counted: new KeptCounts(meters, clock),
    heatOf: (stream) => meters.heatOf(stream),
    readers: { found: async () => ({ byStream: noReaders, strays: [], at: clock.now() }) },
    audit: undefined,
    unaudited: '',
  };
}

function noMeters(since: number): MeterReadings {
  const reading = {
    since,
    shards: [],
    operations: [],
    readers: [],
    producers: [],
    slowCalls: [],
    limitsHit: [],
  };
  return { read: async () => reading, heatOf: async () => new Map() };
}

const noReaders: FoundReaders['byStream'] = new Map();
