import { activeSegments, segments } from '../data-files.ts';
import type { Scenario } from '../scenarios.ts';
import { put } from './put.ts';
import { roomFor } from './retained.ts';

/**
 * From starting a server on 10 GB in 1,000 shards that was killed in the middle of puts to a record stored,
 * next to reading the active segments once: both from the disk.
 */
export const restart: Scenario = {
  name: 'restart',
  group: 'big',
  rounds: () => 1,
  async measure(turn) {
    const { isQuick, directory } = turn.options;
    await using server = await turn.start(1);
    const streamNames = Array.from({ length: 10 }, (_, nth) => `stream-${nth}`);
    await server.createStreams(streamNames, { ShardCount: isQuick ? 10 : 100 });
    const bytesMax = isQuick ? 10e6 : roomFor(directory, 10e9);
    const filling = { streamNames, warmSeconds: 0, seconds: 3600, bytesMax };
    const { acknowledged } = await put(turn, server, filling);
    await server.stop('SIGKILL');
    const active = activeSegments(server.directory);
    active.forget();
    const { seconds, bytes } = await active.read(turn.workshop);
    segments(server.directory).forget();
    turn.note({
      killedRestartMs: await server.startAgain(),
      readActiveMs: seconds * 1000,
      activeMegabytes: bytes / 1e6,
      restartMs: await server.restart(),
      retainedMegabytes: (acknowledged * 1024) / 1e6,
    });
  },
};
