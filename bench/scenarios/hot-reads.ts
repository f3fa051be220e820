import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../client.ts';
import { staticServer } from '../contender.ts';
import { streamName } from '../load.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenarios.ts';
import type { Turn } from '../turn.ts';
import { put } from './put.ts';

/**
 * Pages of 10 MiB that were just written, next to a server that sends the bytes of such a page and does
 * nothing else.
 */
export const hotReads: Scenario = {
  name: 'hot-reads',
  group: 'main',
  async measure(turn) {
    const directory = turn.workshop.directory();
    const path = join(directory, 'page');
    await using server = await turn.start(1);
    await put(turn, server, { warmSeconds: 0, seconds: 60, bytesMax: 2 * pageBytes, connections: 1 });
    const ShardIterator = await firstIterator(server);
    const client = await Client.open(server.port);
    writeFileSync(path, await client.callRaw('GetRecords', { ShardIterator }));
    client.close();
    await using other = await turn.start(1, { contender: staticServer(path) });
    await read(turn, server, ShardIterator);
    await read(turn, other, ShardIterator, 'static');
    turn.workshop.remove(directory);
  },
};

const pageBytes = 10 * 1024 * 1024;

async function read(turn: Turn, server: RunningServer, ShardIterator: string, contender?: string) {
  const { seconds, warmSeconds } = turn.options;
  const pace = { connections: 4, warmSeconds, seconds, requestsMin: 8, bytesMax: Number.MAX_SAFE_INTEGER };
  const call = { operation: 'GetRecords', inputs: [{ ShardIterator }] } as const;
  const { bytes, cpuSeconds, seconds: took } = await turn.run(server, { kind: 'call', ...pace, ...call });
  const megabytes = bytes / 1e6;
  const figures = { pageMegabytes: megabytes / took, pageMegabytesPerCpu: megabytes / cpuSeconds };
  turn.note(figures, undefined, contender);
}

async function firstIterator({ port }: RunningServer): Promise<string> {
  const client = await Client.open(port);
  const first = {
    StreamName: streamName,
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  };
  const { ShardIterator } = (await client.call('GetShardIterator', first)) as { ShardIterator: string };
  client.close();
  return ShardIterator;
}
