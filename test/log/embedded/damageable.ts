import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../../harness/shard-text.ts';
import { DamagedError } from '../../../src/log/log.ts';
import type { FakeDisk } from '../fake-disk.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

/** Where the log that is to be damaged lies. */
export const directory = 'logs/stream';
const shards = [0, 1];

type State = 'closed' | 'killed';

/** A small log: a round has one record for each of two shards. */
export async function writeDamageable(log: {
  readonly state: State;
  readonly rounds: number;
  readonly segmentBytes: number;
  readonly seed: number;
  /** What the records are called. */
  readonly name?: string;
}): Promise<FakeDisk> {
  const engine = new EngineOnFakeDisk();
  engine.random.bytes(log.seed);
  const opened = await engine.open({ segmentBytes: log.segmentBytes });
  const shardLogs = shards.map((shard) => new OneShard(opened, { stream: 'stream', shard }));
  for (const text of numbered(0, log.rounds)) {
    engine.clock.time += 10;
    await Promise.all(
      shardLogs.map((shard) => shard.append(batchOf(text.replace('record', log.name ?? 'record')))),
    );
  }
  if (log.state === 'closed') await opened.close();
  return engine.disk.copy();
}

/** The texts of all records, by shard. */
export async function readAll(engine: EngineOnFakeDisk): Promise<string[][]> {
  engine.disk.isHasty = true;
  const log = await engine.open();
  const texts: string[][] = [];
  for (const shard of shards) {
    const opened = new OneShard(log, { stream: 'stream', shard });
    texts.push(await textsOf(opened, await opened.start(), 100));
  }
  await log.close();
  return texts;
}

/** True when the log says that it is damaged; otherwise what it holds must stand the check. */
export async function expectDamageOr(disk: FakeDisk, check: (texts: string[][]) => void): Promise<boolean> {
  let texts: string[][];
  try {
    texts = await readAll(new EngineOnFakeDisk(disk));
  } catch (error) {
    if (error instanceof DamagedError) return true;
    throw error;
  }
  check(texts);
  return false;
}
