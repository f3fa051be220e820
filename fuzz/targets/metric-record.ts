import assert from 'node:assert/strict';
import { DamagedError, NewerFormatError } from '../../src/log/log.ts';
import type { MetricName } from '../../src/services/cloudwatch/metrics/metric.ts';
import {
  decodeRecord,
  encodePages,
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
    ...encodePages([{ metric, unit: 'Count', samples: [{ ...plain, time, spread }] }], {
      until: time,
      past: 7,
    }),
    ...encodePages([], { until: 0, past: 0 }),
  ),
  words: [
    ...[
      'Format',
      'Put',
      'Page',
      'Index',
      'Count',
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
    assert(record.index < record.count);
    const again = encodePages(record.series, record).map((page) => decodeRecord(page, 'record 2'));
    const samplesOf = (one: typeof record.series) => one.flatMap(({ samples }) => samples);
    assert.deepEqual(samplesOf(again.flatMap(({ series }) => series)), samplesOf(record.series));
    return `page ${record.index} of ${record.count}, ${record.series.length}`;
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
