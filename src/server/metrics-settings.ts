import { secretPlace } from '../env/secret-place.ts';
import { listenerForm, type MetricsOptions, metricsShardsMax } from './metrics-options.ts';
import { type Setting, wholeNumber } from './setting.ts';

/** In the order of the help. */
export const metricsSettings: { readonly [Name in keyof MetricsOptions]: Setting<MetricsOptions[Name]> } = {
  metrics: {
    flag: 'metrics',
    takes: '<on|off|listener:NAME|source>',
    help:
      'who may GET /metrics: anyone, nobody, who comes to a listener, or who shows the token of file:PATH, env:NAME ' +
      'or command:COMMAND (default: on where signatures are not verified, else off)',
    expected: 'on, off, listener:NAME, file:PATH, env:NAME or command:COMMAND',
    read: (text) => (isAccess(text) ? text : undefined),
  },
  metricsShards: {
    flag: 'metrics-shards',
    takes: '<number>',
    help: 'how many open shards have series of their own there; streams that do not fit are shown as sums',
    expected: `a number from 0 to ${metricsShardsMax}`,
    read: (text) => wholeNumber(text, metricsShardsMax),
  },
};

function isAccess(text: string): boolean {
  return text === 'on' || text === 'off' || listenerForm.test(text) || secretPlace.test(text);
}
