import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { CreateStreamCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { Env } from '../../../src/env/env.ts';
import type { LogFields } from '../../../src/env/logger.ts';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { canSharePorts } from '../../../src/http/shared-port.ts';
import { nodeEnv } from '../../../src/server/node-env.ts';
import { defaultOptions } from '../../../src/server/options.ts';
import { type Server, startServer } from '../../../src/server/server.ts';
import type { Look } from '../../../src/server/workers/head-count.ts';
import { RawClient } from '../../http/raw-client.ts';

const skip = (await canSharePorts()) ? false : 'this system does not spread the connections of a port';

suite('workers come when they pay and go when they do not', { skip }, () => {
  let look: Look = { busy: 0, idleCores: 3 };
  /** How many workers there were, after each change. */
  const counts: unknown[] = [];
  let server: Server;

  before(async () => {
    const machine = nodeEnv({ ...defaultOptions, logLevel: 'silent' });
    const info = (_message: string, fields?: LogFields) => void counts.push(fields?.['workers']);
    const env: Env = {
      ...machine,
      // A second is over at once.
      clock: { ...nodeClock, sleep: (ms, signal) => nodeClock.sleep(ms === 1_000 ? 1 : ms, signal) },
      logger: { ...machine.logger, info },
      pressure: { busy: () => look.busy, idleCores: () => look.idleCores, heapBytesMax: () => 4 * 1024 ** 3 },
      workers: { ...machine.workers, coresMax: 4 },
    };
    server = await startServer({ memory: true, port: 0, workers: 'auto', transitionDelay: 0 }, env);
  });

  after(() => server.close());

  async function until(count: number): Promise<void> {
    while (counts.at(-1) !== count) await nodeClock.sleep(5);
  }

  /** Of a new connection, and so of whichever thread it comes to. */
  async function put(): Promise<void> {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const client = new KinesisClient({ endpoint: server.url, region: 'us-east-1', credentials });
    await client.send(new PutRecordCommand({ StreamName: 's', PartitionKey: 'k', Data: Buffer.from('x') }));
    client.destroy();
  }

  test('while the owner is saturated and a core is idle, they come one by one, and connections come again', async () => {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const client = new KinesisClient({ endpoint: server.url, region: 'us-east-1', credentials });
    await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    client.destroy();
    const kept = new RawClient(server);
    await kept.say('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n').hear('200 OK');
    look = { busy: 1, idleCores: 3 };
    await until(1);
    assert.match(
      await kept.say('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n').all(),
      /Connection: close[\s\S]*$/,
    );
    for (let nth = 0; nth < 4; nth++) await put();
  });

  test('with two of them the owner takes no requests itself, and every request is answered', async () => {
    await until(2);
    for (let nth = 0; nth < 6; nth++) await put();
  });

  test('when it is quiet they go, and the owner takes requests again', async () => {
    look = { busy: 0, idleCores: 3 };
    await until(0);
    for (let nth = 0; nth < 4; nth++) await put();
  });
});
