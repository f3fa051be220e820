import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Env } from '../../src/env/env.ts';
import { KafkaConnectionError, KafkaError } from '../../src/env/kafka.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeWorkers } from '../../src/env/node-workers.ts';
import type { ServerOptions } from '../../src/server/options.ts';
import { type Server, startServer } from '../../src/server/server.ts';
import { FakeDisk } from '../log/fake-disk.ts';
import { TestRandom } from '../log/world.ts';
import { gatewaysOnFake, inItsTime } from '../services/kinesis/engine-under-test.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';
import { noClient, noNetwork } from '../services/kinesis/no-network.ts';

/** Gateways of one cluster, each with a data directory of its own. */
class Gateways {
  readonly clock = new ManualClock();
  readonly #shared = gatewaysOnFake(this.clock);
  #count = 0;

  start(options: Partial<ServerOptions> = {}, altered: Partial<Env> = {}): Promise<Server> {
    this.#count += 1;
    const { options: shared, env } = this.#shared(`gateway-${this.#count}`);
    const world: Env = {
      ...{ clock: this.clock, random: new TestRandom(this.#count), logger: silentLogger },
      ...{ network: noNetwork, client: noClient, workers: nodeWorkers },
      pressure: { busy: () => 0, idleCores: () => 0, heapBytesMax: () => 4 * 1024 ** 3 },
      panic(reason, cause) {
        throw new Error(reason, { cause });
      },
      ...env,
      ...altered,
    };
    return this.inItsTime(startServer({ ...shared, ...options }, world));
  }

  inItsTime<T>(work: Promise<T>): Promise<T> {
    return inItsTime(work, this.clock, true);
  }
}

const refused = (message: string | RegExp) => ({ name: 'StartError', message });

test('a root user is made once, however many gateways start at once, and told by one of them', async () => {
  const gateways = new Gateways();
  // The topics and all secrets are there by then: those that follow come to the root user side by side.
  const before = await gateways.start({ auth: 'open' });
  await gateways.inItsTime(before.close());
  const servers = await Promise.all([1, 2, 3].map(() => gateways.start({ auth: 'required' })));
  assert.equal(servers.filter(({ rootUser }) => rootUser !== undefined).length, 1);
  assert.ok(servers.every(({ isSigned }) => isSigned));
  await gateways.inItsTime(Promise.all(servers.map((server) => server.close())));
});

test('a gateway with another root key does not start, and says so in one line', async () => {
  const gateways = new Gateways();
  const first = await gateways.start();
  process.env['MILLRACE_ANOTHER_ROOT_KEY'] = Buffer.alloc(32, 'another').toString('hex');
  await assert.rejects(
    gateways.start({ rootKey: 'env:MILLRACE_ANOTHER_ROOT_KEY' }),
    refused(/^the root key does not open the secrets in the cluster main: [^\n]*$/),
  );
  await gateways.inItsTime(first.close());
});

test('brokers that do not answer, or do not let a gateway in, are named in one line', async () => {
  const gateways = new Gateways();
  const kafkaThat = (error: Error): Partial<Env> => ({
    kafka: async () => ({ connect: () => Promise.reject(error), crc32c: () => 0 }),
  });
  await assert.rejects(
    gateways.start({ brokers: 'a:1,b:2' }, kafkaThat(new KafkaConnectionError('a:1 is not there'))),
    refused(/^the brokers a:1,b:2 cannot be reached: [^\n]*$/),
  );
  await assert.rejects(
    gateways.start({ brokers: 'a:1' }, kafkaThat(new KafkaError(58, 'SASL authentication failed'))),
    refused(/^the brokers a:1 do not let this server in: [^\n]*$/),
  );
});

test('a gateway keeps only what is its own in its data directory', async () => {
  const gateways = new Gateways();
  const disk = new FakeDisk();
  const server = await gateways.start({}, { disk });
  await gateways.inItsTime(server.close());
  // The lock of this disk has no file.
  assert.deepEqual(
    (await disk.list('.')).filter((name) => name !== '.'),
    ['cluster'],
  );
});
