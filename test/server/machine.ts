import assert from 'node:assert/strict';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeWorkers } from '../../src/env/node-workers.ts';
import type { ServerOptions } from '../../src/server/options.ts';
import { startServer } from '../../src/server/server.ts';
import { FakeDisk } from '../log/fake-disk.ts';
import { TestRandom } from '../log/world.ts';
import { Harness } from '../services/kinesis/harness.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';
import { noClient, noCluster, noNetwork } from '../services/kinesis/no-network.ts';

/** One process after the other on one disk, each a server with small segments. */
export class Machine {
  readonly clock = new ManualClock();
  disk = new FakeDisk();
  /** Every other directory. */
  readonly elsewhere = new FakeDisk();
  /** Whoever can be reached. */
  client = noClient;
  readonly #options: Partial<ServerOptions>;
  #boots: number;

  /** `seed` makes what its processes draw at random different from that of others. */
  constructor(options: Partial<ServerOptions>, seed = 0) {
    this.#options = options;
    this.#boots = seed;
  }

  async boot(options: Partial<ServerOptions> = {}): Promise<Harness> {
    this.disk.isHasty = true;
    const server = await startServer(
      {
        ...{ data: '.', segmentBytes: 4096, limits: 'none', audit: 'off', port: 0 },
        ...this.#options,
        ...options,
      },
      {
        ...{
          clock: this.clock,
          disk: this.disk,
          diskAt: () => this.elsewhere,
          random: new TestRandom(++this.#boots),
          logger: silentLogger,
        },
        ...{ network: noNetwork, client: this.client, workers: nodeWorkers, ...noCluster },
        pressure: { busy: () => 0, idleCores: () => 0, heapBytesMax: () => 4 * 1024 ** 3 },
        panic(reason, cause) {
          throw new Error(reason, { cause });
        },
      },
    );
    return Harness.of(server, this.clock);
  }

  /** What it waits for at its end may take time. */
  async close(server: Harness): Promise<void> {
    let isClosed = false;
    const closing = server[Symbol.asyncDispose]().then(() => {
      isClosed = true;
    });
    for (let second = 0; !isClosed && second < 100; second++) await this.clock.advance(1000);
    await Promise.race([closing, this.disk.crashed]);
  }
}

/** Fails where any file of a disk holds one of these. */
export async function searchDisk(disk: FakeDisk, secrets: readonly Buffer[]): Promise<void> {
  for await (const path of filesOf(disk)) {
    const { bytes } = disk.file(path);
    for (const each of secrets) assert.equal(bytes.indexOf(each), -1, `${path} holds ${each}`);
  }
}

async function* filesOf(disk: FakeDisk, directory = '.'): AsyncGenerator<string> {
  for (const name of await disk.list(directory)) {
    if (name === '.') continue;
    const path = directory === '.' ? name : `${directory}/${name}`;
    const isDirectory = await disk.list(path).then(
      () => true,
      () => false,
    );
    if (isDirectory) yield* filesOf(disk, path);
    else yield path;
  }
}
