import { join } from 'node:path';
import { segments } from '../data-files.ts';
import type { Scenario } from '../scenarios.ts';
import type { ColdReads } from '../servers/cold-reads.ts';
import { put, putFigures } from './put.ts';
import { roomFor } from './retained.ts';

const shardCount = 64;

/**
 * The engine alone, without a server around it, over data that was written as fast as it takes it: large
 * rounds of all shards.
 */
export const coldReads: Scenario = coldReadsOf('cold-reads', 'full', 10e9);

/** The same over what a trickle left: rounds of a record to each shard. */
export const coldReadsOfTrickle: Scenario = coldReadsOf('cold-reads-trickle', 'trickling', 2e9);

function coldReadsOf(name: string, load: 'full' | 'trickling', bytes: number): Scenario {
  return {
    name,
    group: 'big',
    rounds: ({ aloneRounds }) => Math.min(aloneRounds, 2),
    async measure(turn) {
      const { isQuick, directory: root } = turn.options;
      const directory = turn.workshop.directory();
      const script = join(import.meta.dirname, '..', 'servers', 'cold-reads.ts');
      const written = isQuick ? bytes / 1000 : roomFor(root, bytes);
      const read: ColdReads = await turn.workshop.ask('server', script, [directory, String(written), load]);
      turn.workshop.remove(directory);
      turn.note({
        retainedMegabytes: written / 1e6,
        diskMegabytes: read.bareMBps,
        oneShardMegabytes: read.oneShardMBps,
        allShardsMegabytes: read.allShardsMBps,
        allShardsPerMegabyteMs: read.allShardsCpuMsPerMB,
        residentMegabytes: (read.residentMiB * 2 ** 20) / 1e6,
      });
    },
  };
}

/** What clients get of such data: GetRecords from a server that was started on it. */
export const coldGets: Scenario = {
  name: 'cold-gets',
  group: 'big',
  rounds: () => 1,
  async measure(turn) {
    await using server = await turn.start(shardCount);
    const bytesMax = turn.options.isQuick ? 2e6 : roomFor(turn.options.directory, 2e9);
    const { acknowledged } = await put(turn, server, { warmSeconds: 0, seconds: 3600, bytesMax });
    await server.stop();
    const files = segments(server.directory);
    files.forget();
    const disk = await files.read(turn.workshop);
    files.forget();
    await server.startAgain();
    const one = await turn.run(server, { kind: 'get', shardIds: ['shardId-000000000021'] });
    files.forget();
    // One more was put to see that it had started.
    const all = await turn.run(server, { kind: 'get', recordsExpected: acknowledged + 1 });
    turn.note({
      retainedMegabytes: (acknowledged * 1024) / 1e6,
      diskMegabytes: disk.bytes / 1e6 / disk.seconds,
      oneShardMegabytes: putFigures(one).putMegabytes * shardCount,
      allShardsMegabytes: putFigures(all).putMegabytes,
      allShardsPerMegabyteMs: putFigures(all).putPerMegabyteMs,
      residentMegabytes: server.residentMegabytes(),
    });
  },
};
