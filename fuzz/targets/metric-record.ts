import assert from 'node:assert/strict';
import { DamagedError, NewerFormatError } from '../../src/log/log.ts';
import type { MetricName } from '../../src/services/cloudwatch/metrics/metric.ts';
import {
  decodeRecord,
  encodePage,
  encodePut,
  type MetricRecord,
} from '../../src/services/cloudwatch/metrics/metric-record.ts';
import { merged, type Sample } from '../../src/services/cloudwatch/metrics/sample.ts';
import { seedsOf, type Target } from '../target.ts';

const metric: MetricName = {
  ...{ account: '000000000000', region: 'us-east-1', namespace: 'app', name: 'Time' },
  dimensions: [{ name: 'ShardId', value: 'shardId-000000000000' }],
};
const time = 1_700_000_000_000;
const plain: Sample = { count: 2, sum: 3, minimum: 1, maximum: 2 };
const spread = Float64Array.of(1, 1, 2, 1);

/** Records of the metrics' logs: what can be read is written again as it was, or else it is damage. */
export const metricRecordTarget: Target = {
  name: 'metric-record',
  seeds: seedsOf(
    encodePut([
      { metric, unit: 'Count', time, sample: plain },
      { metric: { ...metric, dimensions: [] }, unit: 'None', time, sample: { ...plain, spread } },
    ]),
    encodePage([{ metric, unit: 'Count', samples: [{ ...plain, time, spread }] }], {
      ...{ index: 0, isLast: false },
      ...{ until: time, past: 7 },
    }),
    encodePage([], { index: 1, isLast: true, until: 0, past: 0 }),
  ),
  words: [
    ...[
      'Format',
      'Put',
      'Page',
      'Index',
      'IsLast',
      'Until',
      'Past',
      'Series',
      'Samples',
      'Spreads',
      'At',
      'Pairs',
    ],
    ...[
      '\x9f',
      '\xbf',
      '\xff',
      '\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00',
      '\xfa\x7f\xc0\x00\x00',
      '\x00',
      '\x20',
    ],
  ],
  run: (input) => {
    const record = recordIn(input);
    if (typeof record === 'string') return record;
    for (const { samples } of record.series) {
      assert(samples.length > 0);
      for (const sample of samples) merged(sample, sample);
    }
    if (record.kind === 'put') return `put ${record.series.length}`;
    assert.deepEqual(decodeRecord(encodePage(record.series, record), 'record 2'), record);
    return `page ${record.index} ${record.isLast} ${record.series.length}`;
  },
};

/** The record, or why it is none. */
function recordIn(input: Buffer): MetricRecord | string {
  try {
    return decodeRecord(input, 'record 1');
  } catch (error) {
    assert(error instanceof DamagedError);
    return error instanceof NewerFormatError ? 'newer' : 'damaged';
  }
}
