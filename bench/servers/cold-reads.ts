/**
 * Reads a stream of 64 shards that is on the disk only: one shard, all at once, and for comparison the files
 * as they lie.
 */

import { globSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OneShard } from '../../harness/one-shard.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeDisk } from '../../src/env/node-disk.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { encodeBatch } from '../../src/kinesis/record.ts';
import { openEmbeddedLog } from '../../src/log/embedded/embedded-log.ts';
import type { Engine } from '../../src/log/log.ts';
import { DataFiles } from '../data-files.ts';

export type ColdReads = {
  readonly bareMBps: number;
  readonly oneShardMBps: number;
  readonly allShardsMBps: number;
  /** Processor time of all readers, per MB that they got. */
  readonly allShardsCpuMsPerMB: number;
  readonly residentMiB: number;
};

const [place, bytesText, load] = process.argv.slice(2) as [string, string, 'full' | 'trickling'];
const shardCount = 64;
const blockBytes = 1024 * 1024;

await write(await open(), Number(bytesText));
const files = new DataFiles(globSync(join(place, 'streams', 'stream', '*')));
files.forget();
const bareMBps = await bare(files.paths);
files.forget();
const one = await read(await open(), [0]);
files.forget();
const cpu = process.cpuUsage();
const all = await read(await open(), range(shardCount));
const used = process.cpuUsage(cpu);
const coldReads: ColdReads = {
  bareMBps,
  oneShardMBps: one.fileMBps,
  allShardsMBps: all.fileMBps,
  allShardsCpuMsPerMB: (used.user + used.system) / 1e3 / (all.bytes / 1e6),
  residentMiB: process.memoryUsage.rss() / 2 ** 20,
};
console.log(JSON.stringify(coldReads));

function open(): Promise<Engine> {
  const panic = (reason: string, cause: unknown) => {
    throw new Error(reason, { cause });
  };
  const env = { clock: nodeClock, disk: nodeDisk(place), random: nodeRandom(), logger: silentLogger, panic };
  return openEmbeddedLog(env, 'streams');
}

function shardsOf(log: Engine, shards: readonly number[]): OneShard[] {
  return shards.map((shard) => new OneShard(log, { stream: 'stream', shard }));
}

/** `full`: requests of 500 records from 8 producers. `trickling`: 64 single records at a time. */
async function write(log: Engine, bytes: number): Promise<void> {
  const shards = shardsOf(log, range(shardCount));
  const perShard = load === 'full' ? 8 : 1;
  const data = Buffer.alloc(1024, 'x');
  const batch = encodeBatch(range(perShard).map(() => ({ partitionKey: 'key', data })));
  const producers = load === 'full' ? 8 : 1;
  let left = bytes;
  const produce = async () => {
    while (left > 0) {
      left -= shardCount * batch.bytes.length;
      await Promise.all(shards.map((shard) => shard.append(batch)));
    }
  };
  await Promise.all(range(producers).map(produce));
  await log.close();
}

/**
 * Reads shards to their ends, page by page. `fileMBps` counts each block of the files once, however many
 * shards share it.
 */
async function read(log: Engine, wanted: readonly number[]): Promise<{ bytes: number; fileMBps: number }> {
  const begin = performance.now();
  const shards = shardsOf(log, wanted);
  const sums = await Promise.all(shards.map(readToEnd));
  const seconds = (performance.now() - begin) / 1e3;
  await log.close();
  const bytes = sums.reduce((sum, some) => sum + some, 0);
  return { bytes, fileMBps: (bytes * (shardCount / wanted.length)) / 1e6 / seconds };
}

async function readToEnd(shard: OneShard): Promise<number> {
  let bytes = 0;
  const { start, end } = await shard.position();
  for (let from = start; from < end; ) {
    const batches = await shard.read(from, { records: 10_000, bytes: 1024 * 1024 });
    for (const batch of batches) bytes += batch.bytes.length;
    const last = batches.at(-1)!;
    from = last.first + last.count;
  }
  return bytes;
}

/**
 * The files as they lie, by as many reads at once as the log makes, and nothing made of the bytes. In MB/s.
 */
async function bare(paths: readonly string[]): Promise<number> {
  const begin = performance.now();
  let bytes = 0;
  for (const path of paths) bytes += await bareFile(path);
  return bytes / 1e3 / (performance.now() - begin);
}

async function bareFile(path: string): Promise<number> {
  await using file = await openFile(path);
  const { size } = await file.stat();
  let next = 0;
  const readOn = async () => {
    const into = Buffer.alloc(blockBytes);
    while (next < size) {
      const at = next;
      next += blockBytes;
      await file.read(into, 0, blockBytes, at);
    }
  };
  await Promise.all([readOn(), readOn(), readOn()]);
  return size;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
