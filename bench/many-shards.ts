import { type CallLoad, streamName } from './load.ts';
import type { LoadGenerator } from './load-generator.ts';
import type { ShardsOutcome } from './results.ts';
import type { RunningServer } from './running-server.ts';

/** What a stream of so many shards costs the server that has it. Each load goes on for so many seconds. */
export async function measureShards(
  server: RunningServer,
  generator: LoadGenerator,
  shardCount: number,
  seconds: number,
): Promise<ShardsOutcome> {
  const pace = { warmSeconds: seconds / 2, seconds, connections: 8, requestsMin: 8, bytesMax } as const;
  const call = (operation: string, inputs: readonly object[]) => {
    const load: CallLoad = { ...pace, kind: 'call', operation, inputs };
    return generator.run(server, load);
  };
  const putRecords = { ...pace, kind: 'put', operation: 'PutRecords' } as const;
  const restartMs = await server.restart();
  return {
    restartMs,
    summary: await call('DescribeStreamSummary', [{ StreamName: streamName }]),
    fiveListed: await call('ListShards', pages(shardCount, 5)),
    ...(shardCount >= 1000 && { thousandListed: await call('ListShards', pages(shardCount, 1000)) }),
    fourPut: await generator.run(server, { ...putRecords, keys: fourKeys }),
    allPut: await generator.run(server, putRecords),
    restartFullMs: await server.restart(),
  };
}

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
