import { cpSync, globSync, readFileSync, statSync } from 'node:fs';
import { OneShard } from '../harness/one-shard.ts';
import type { SeededRandom } from '../harness/random.ts';
import { batchOf, textsOf } from '../harness/shard-text.ts';
import { openEmbeddedLog } from '../src/log/embedded/embedded-log.ts';
import { nodeEnv } from '../src/server/node-env.ts';

/** Texts of all records, by shard. */
export type Texts = readonly (readonly string[])[];

/** What a process that was killed left in a directory, and how it got there. */
export type Remains = {
  readonly directory: string;
  /** The segments, oldest first. */
  readonly segments: readonly string[];
  readonly texts: Texts;
  /** For each round, the last segment and its size when the round was acknowledged. */
  readonly rounds: readonly { readonly segment: string; readonly size: number }[];
};

const stream = 'stream';
const shards = [0, 1, 2];

/**
 * Writes rounds of a record for each shard with the engine itself, on real files, and ends as kill -9 would.
 */
export async function leaveRemains(
  random: SeededRandom,
  { directory, scratch, count }: { directory: string; scratch: string; count: number },
): Promise<Remains> {
  const log = await openLog(scratch);
  const shardLogs = shards.map((shard) => new OneShard(log, { stream, shard }));
  const texts = shards.map((): string[] => []);
  const rounds: Remains['rounds'][number][] = [];
  for (let round = 0; round < count; round++) {
    const appends = shardLogs.map((shard, index) => {
      const text = `${index}-${round}-${random.bytes(random.between(0, 120)).toString('hex')}`;
      texts[index]!.push(text);
      return shard.append(batchOf(text));
    });
    await Promise.all(appends);
    const segment = segmentsIn(scratch).at(-1)!;
    rounds.push({ segment, size: statSync(`${scratch}/${segment}`).size });
  }
  // The copy is made before the engine gets to close its files in peace.
  cpSync(scratch, directory, { recursive: true });
  await log.close();
  return { directory, segments: segmentsIn(directory), texts, rounds };
}

/** What the engine finds in a directory. Rejects with `DamagedError`. */
export async function recoverTexts(directory: string): Promise<Texts> {
  const log = await openLog(directory);
  try {
    const texts: string[][] = [];
    for (const shard of shards)
      texts.push(await textsOf(new OneShard(log, { stream, shard }), undefined, 50));
    return texts;
  } finally {
    await log.close();
  }
}

/** Another record for each shard: what was recovered must be writable. */
export async function appendMore(directory: string, text: string): Promise<void> {
  const log = await openLog(directory);
  try {
    for (const shard of shards) await new OneShard(log, { stream, shard }).append(batchOf(text));
  } finally {
    await log.close();
  }
}

export function readSegment(directory: string, segment: string): Buffer {
  return readFileSync(`${directory}/${segment}`);
}

function segmentsIn(directory: string): string[] {
  return globSync(`streams/${stream}/*.log`, { cwd: directory }).sort();
}

function openLog(data: string) {
  return openEmbeddedLog(nodeEnv({ data, logLevel: 'silent' }), 'streams', { segmentBytes: 4_000 });
}
