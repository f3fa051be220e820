import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { OneShard } from '../../harness/one-shard.ts';
import { SeededRandom } from '../../harness/random.ts';
import { batchOf, textsOf } from '../../harness/shard-text.ts';
import type { Clock } from '../../src/env/clock.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { openEmbeddedLog } from '../../src/log/embedded/embedded-log.ts';
import { frameHeaderBytes } from '../../src/log/embedded/format/frame.ts';
import { DamagedError, type Engine } from '../../src/log/log.ts';
import type { Target } from '../target.ts';
import { MemoryDisk } from './memory-disk.ts';

const directory = 'logs/stream';
const texts = Array.from({ length: 6 }, (_, index) => `record ${index}`);

const stillClock: Clock = {
  now: () => 1_700_000_000_000,
  monotonic: () => 0,
  turn: async () => {},
  sleep: async () => {},
};

const { path: lastPath, killed, closed, before } = await writtenLog();

/**
 * The recovery of a log whose last segment is any bytes: it says that the log is damaged, or reads what was
 * written, and up to somewhere. A first byte that is odd has all checksums made right, as whoever
 * can write to the disk could: then records may be others, but no more than that.
 */
export const framesTarget: Target = {
  name: 'frames',
  seeds: [killed, closed].flatMap((last) =>
    [0, 1].map((isRight) => Buffer.concat([Buffer.of(isRight), last])),
  ),
  words: ['MLRF', '\0\0\0\0', '\0\0\0\x01', '\xff\xff\xff\xff', '\0'.repeat(96)],
  bytesMax: 8_192,
  run: async (input) => {
    const segment = Buffer.from(input.subarray(1));
    const isRight = (input[0] ?? 0) % 2 === 1;
    if (isRight) makeRight(segment);
    return await recovered(segment, isRight);
  },
};

async function recovered(segment: Buffer, isRight: boolean): Promise<string> {
  const disk = new MemoryDisk([...before, [lastPath, segment]]);
  const found: string[][] = [];
  let log: Engine | undefined;
  try {
    log = await opened(disk);
    for (const shard of [0, 1]) {
      const one = new OneShard(log, { stream: 'stream', shard });
      if (!isRight) found.push(await textsOf(one, undefined, 100));
      else await one.read(await one.start(), { records: 100, bytes: 10_000 });
    }
  } catch (error) {
    if (error instanceof DamagedError) return `damaged: ${error.message.replace(/\d+/g, 'N')}`;
    throw error;
  } finally {
    await log?.close();
  }
  for (const read of found) if (!isRight) assert.deepEqual(read, texts.slice(0, read.length));
  return `read: ${found.map(({ length }) => length)}`;
}

function opened(disk: MemoryDisk): Promise<Engine> {
  const panic = (reason: string, cause: unknown): never => {
    throw new Error(`panic: ${reason}`, { cause });
  };
  const env = { clock: stillClock, logger: silentLogger, random: new SeededRandom(1), disk, panic };
  return openEmbeddedLog(env, 'logs', { segmentBytes: 1_500 });
}

/** A log: its last segment as a process leaves it that is killed, and when it is closed, and those before. */
async function writtenLog() {
  const disk = new MemoryDisk();
  const log = await opened(disk);
  const shards = [0, 1].map((shard) => new OneShard(log, { stream: 'stream', shard }));
  for (const text of texts) await Promise.all(shards.map((shard) => shard.append(batchOf(text))));
  const segments = () =>
    disk
      .contents()
      .filter(([path]) => path.startsWith(directory))
      .map(([path, bytes]): [string, Buffer] => [path, Buffer.from(bytes)])
      .sort(([left], [right]) => (left < right ? -1 : 1));
  const before = segments();
  const [path, killed] = before.pop()!;
  await log.close();
  const [, closed] = segments().at(-1)!;
  return { path, killed, closed, before };
}

/** Gives whatever begins like a frame, wherever it is, the checksums and the chain that it should have. */
function makeRight(segment: Buffer): void {
  let chain: number | undefined;
  for (let at = segment.indexOf('MLRF'); at !== -1; at = segment.indexOf('MLRF', at + 4)) {
    if (at + frameHeaderBytes > segment.length) return;
    const end = at + frameHeaderBytes + segment.readUInt32BE(at + 8);
    if (end <= segment.length) {
      segment.writeUInt32BE(crc32(segment.subarray(at + frameHeaderBytes, end)), at + frameHeaderBytes - 8);
    }
    if (chain !== undefined) segment.writeUInt32BE(chain, at + 20);
    const crc = crc32(segment.subarray(at, at + frameHeaderBytes - 4));
    segment.writeUInt32BE(crc, at + frameHeaderBytes - 4);
    chain = crc;
  }
}
