import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCatalog } from '../../../src/catalog/catalog.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import { encodeBatch } from '../../../src/kinesis/record.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { defaultOptions } from '../../../src/server/options.ts';
import { keptBytesMax } from '../../../src/services/kinesis/parts/encoded-batches.ts';
import { kinesisWorld } from '../../../src/services/kinesis/world.ts';
import { Load } from '../../../src/stream/load.ts';
import { Meter } from '../../../src/stream/meter/meter.ts';
import { SubscriptionTable } from '../../../src/stream/subscriptions.ts';
import { JsonWriter } from '../../../src/wire/json/json-writer.ts';
import { sampleStream } from '../../kinesis/sample.ts';
import { noKeys } from './no-keys.ts';

const mebibyte = 1024 * 1024;

test('what was written is kept within the share of a thread: 2 threads', async () => {
  const log = openMemoryLog(nodeClock);
  const catalog = await openCatalog(log);
  const env = { clock: nodeClock, random: nodeRandom(), logger: silentLogger };
  const background = { nudge() {}, async stop() {} };
  const subscriptions = new SubscriptionTable(nodeClock);
  const meter = new Meter({ clock: nodeClock, catalog });
  const state = { catalog, log, load: new Load(), meter, ...noKeys, background, subscriptions };
  const { encoded } = kinesisWorld({ ...defaultOptions, workers: 2 }, env, state, Buffer.alloc(32));
  const stream = sampleStream(1);
  const bytes = encodeBatch([{ partitionKey: 'k', data: Buffer.alloc(mebibyte) }]);
  for (let first = 0; first < 24; first++) {
    const batch = { ...bytes, first, arrival: 1_700_000_000_000 };
    encoded.write(new JsonWriter(), stream, stream.shards[0]!, [batch]);
  }
  assert.ok(encoded.keptBytes <= keptBytesMax / 3, `${encoded.keptBytes} bytes`);
  // The largest page, in JSON.
  assert.ok(encoded.keptBytes > 14 * mebibyte, `${encoded.keptBytes} bytes`);
});
