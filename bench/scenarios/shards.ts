import { type CallLoad, streamName } from '../load.ts';
import type { Scenario } from '../scenarios.ts';
import { put, putFigures } from './put.ts';

/** What a stream of so many shards costs the server that has it. */
export const shards: Scenario = {
  name: 'shards',
  group: 'growth',
  points: { thorough: [1, 10, 100, 1000, 10_000], quick: [1000] },
  async measure(turn) {
    await using server = await turn.start(turn.at);
    const seconds = turn.options.seconds / 2;
    const pace = { warmSeconds: seconds / 2, seconds, connections: 8, requestsMin: 8, bytesMax } as const;
    const call = async (operation: string, inputs: readonly object[]) => {
      const load: CallLoad = { ...pace, kind: 'call', operation, inputs };
      return putFigures(await turn.run(server, load)).putMicros;
    };
    const restartMs = await server.restart();
    const summaryMicros = await call('DescribeStreamSummary', [{ StreamName: streamName }]);
    const fiveListedMicros = await call('ListShards', pages(turn.at, 5));
    const thousand = turn.at >= 1000 && {
      thousandListedMicros: await call('ListShards', pages(turn.at, 1000)),
    };
    const four = putFigures(await put(turn, server, { ...pace, keys: fourKeys }));
    const all = putFigures(await put(turn, server, pace));
    const residentMegabytes = server.residentMegabytes();
    const restartFullMs = await server.restart();
    turn.note({
      restartMs,
      restartFullMs,
      summaryMicros,
      fiveListedMicros,
      ...thousand,
      fourPutMicros: four.putMicros,
      allPutMicros: all.putMicros,
      residentMegabytes,
    });
  },
};

/** Each load leaves at most so much behind. */
const bytesMax = 1_000_000_000;

/** Their hash keys begin with 21, 5c, 9b and ca: four shards of ten, and of any more. */
const fourKeys = ['key-1', 'key-3', 'key-4', 'key-8'];

/** Requests for sixteen pages, evenly over the list: only the last of them has no next one. */
function pages(shardCount: number, size: number): object[] {
  return Array.from({ length: 16 }, (_, step) => {
    const before = Math.floor(((shardCount - size) * step) / 15) - 1;
    const start = before < 0 ? {} : { ExclusiveStartShardId: `shardId-${String(before).padStart(12, '0')}` };
    return { StreamName: streamName, MaxResults: size, ...start };
  });
}
