import type { Scenario } from '../scenarios.ts';
import { put, putFigures } from './put.ts';

/** PutRecord of 1 KiB over so many connections, each with a request under way all the time. */
export const connections: Scenario = {
  name: 'connections',
  group: 'growth',
  points: { thorough: [10, 100, 1000, 10_000], quick: [100] },
  async measure(turn) {
    await using server = await turn.start(4);
    const load = { operation: 'PutRecord', connections: turn.at, requestsMin: 2 * turn.at } as const;
    const figures = putFigures(await put(turn, server, load));
    turn.note({ ...figures, residentMegabytes: server.residentMegabytes() });
  },
};
