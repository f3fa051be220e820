import type { Env } from '../../env/env.ts';
import type { Control } from '../../gateway/control.ts';
import { engineOf, type ServerOptions } from '../options.ts';
import { version } from '../version.ts';
import type { MetricsWorld } from './metrics-page.ts';
import { readersIn } from './reader-lag.ts';
import type { MetricsSurroundings } from './server-metrics.ts';

/** Puts together what metrics are asked from. */
export async function openMetricsWorld(
  settings: ServerOptions,
  env: Env,
  { catalog, identity, keys }: Control,
  { meters, sights, health }: MetricsSurroundings,
): Promise<MetricsWorld> {
  const { clock, disk, network } = env;
  const { readers } = await sights.open();
  const engine = engineOf(settings);
  const streams = () => catalog.state.streams.values();
  const process = await env.ownProcess?.();
  return {
    ...{ version, engine, clock, health, streams },
    reading: () => meters.read('server'),
    lags: (counted) => readersIn(streams(), counted, readers, clock),
    process: process && (() => process.figures()),
    disk: engine === 'embedded' ? () => disk.space() : undefined,
    connections: network.openConnections,
    journals: () => ({
      catalog: catalog.state.version,
      users: identity.state.version,
      keys: keys.state.version,
    }),
    shardsMax: settings.metricsShards,
  };
}
