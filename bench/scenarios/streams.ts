import type { Scenario } from '../scenarios.ts';
import { put, putFigures } from './put.ts';

/** Puts to so many streams in turn, fifty records of 1 KiB to a request; each stream has a log of its own. */
export const streams: Scenario = {
  name: 'streams',
  group: 'growth',
  points: { thorough: [1, 10, 100, 1000], quick: [10] },
  async measure(turn) {
    await using server = await turn.start(1);
    const streamNames = Array.from({ length: turn.at }, (_, nth) => `stream-${nth}`);
    await server.createStreams(streamNames, { ShardCount: 1 });
    const figures = putFigures(
      await put(turn, server, { streamNames, recordsPerRequest: 50, connections: 64 }),
    );
    const residentMegabytes = server.residentMegabytes();
    turn.note({ ...figures, residentMegabytes, restartMs: await server.restart() });
  },
};
