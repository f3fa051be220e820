import { segments } from '../data-files.ts';
import type { Outcome, PutLoad } from '../load.ts';
import type { Scenario } from '../scenarios.ts';
import { put, putFigures } from './put.ts';
import { roomFor } from './retained.ts';

/** Reads of data that no memory holds, after it was written as fast as the server took it: large rounds of all shards. */
export const coldReads: Scenario = coldReadsAfter('cold-reads', {}, 10e9);

/** The same after a trickle: a round for each request of a record or so to each shard. */
export const coldReadsOfTrickle: Scenario = coldReadsAfter(
  'cold-reads-trickle',
  { recordsPerRequest: 64, connections: 1 },
  2e9,
);

const shardCount = 64;

function coldReadsAfter(name: string, load: Partial<PutLoad>, bytes: number): Scenario {
  return {
    name,
    group: 'big',
    rounds: () => 1,
    async measure(turn) {
      await using server = await turn.start(shardCount);
      const bytesMax = turn.options.isQuick ? bytes / 1000 : roomFor(turn.options.directory, bytes);
      const filling = { ...load, warmSeconds: 0, seconds: 3600, bytesMax };
      const { acknowledged } = await put(turn, server, filling);
      await server.stop();
      const files = segments(server.directory);
      files.forget();
      const sequential = await files.read(turn.workshop);
      files.forget();
      await server.startAgain();
      const one = await turn.run(server, { kind: 'get', shardIds: ['shardId-000000000021'] });
      files.forget();
      // One more was put to see that it had started.
      const all = await turn.run(server, { kind: 'get', recordsExpected: acknowledged + 1 });
      turn.note({
        ...readFigures(one, all),
        diskMegabytes: sequential.bytes / 1e6 / sequential.seconds,
        retainedMegabytes: (acknowledged * 1024) / 1e6,
      });
    },
  };
}

function readFigures(one: Outcome, all: Outcome) {
  return {
    oneShardMegabytes: putFigures(one).putMegabytes,
    allShardsMegabytes: putFigures(all).putMegabytes,
    oneShardMicros: putFigures(one).putMicros,
    allShardsMicros: putFigures(all).putMicros,
  };
}
