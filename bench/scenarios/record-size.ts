import type { Scenario } from '../scenarios.ts';
import { put, putFigures } from './put.ts';

/** Records of so many bytes, as many to a request as make 512 KiB, at most 500 and at least one. */
export const recordSize: Scenario = {
  name: 'record-size',
  group: 'growth',
  // A record's limit of 1 and 10 MiB counts its partition key, too.
  points: {
    thorough: [100, 1024, 10 * 1024, 100 * 1024, 2 ** 20 - 64, 10 * 2 ** 20 - 64],
    quick: [100 * 1024],
  },
  async measure(turn) {
    await using server = await turn.start(1);
    await server.createStreams(['large'], { ShardCount: 4, MaxRecordSizeInKiB: 10 * 1024 });
    const recordsPerRequest = Math.min(500, Math.max(1, Math.floor((512 * 1024) / turn.at)));
    const load = { streamNames: ['large'], recordBytes: turn.at, recordsPerRequest };
    const figures = putFigures(await put(turn, server, load));
    turn.note({ ...figures, residentMegabytes: server.residentMegabytes() });
  },
};
