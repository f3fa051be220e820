import { statfsSync } from 'node:fs';
import type { Scenario } from '../scenarios.ts';
import { put, putFigures } from './put.ts';

/** Cost of a put, memory and time to start as data grows, on one server that gets more and more. */
export const retained: Scenario = {
  name: 'retained',
  group: 'big',
  rounds: () => 1,
  async measure(turn) {
    const { at, isQuick, directory } = turn.options;
    const wanted = at ?? (isQuick ? [0, 20e6] : [0, 1e9, 2e9, 5e9, 10e9, 20e9]);
    await using server = await turn.start(4);
    const emptyMegabytes = server.residentMegabytes();
    let written = 0;
    for (const bytes of wanted.filter((each) => each <= roomFor(directory, each))) {
      if (bytes > written) {
        const filling = { warmSeconds: 0, seconds: 3600, bytesMax: bytes - written };
        written += (await put(turn, server, filling)).acknowledged * 1024;
      }
      const residentMegabytes = server.residentMegabytes();
      const outcome = await put(turn, server, {});
      written += outcome.acknowledged * 1024;
      const figures = { ...putFigures(outcome), emptyMegabytes, residentMegabytes };
      const killedRestartMs = await server.restart('SIGKILL');
      turn.note({ ...figures, killedRestartMs, restartMs: await server.restart() }, bytes);
    }
  },
};

/** So many bytes, or fewer where the disk is short. */
export function roomFor(directory: string, bytes: number): number {
  const { bavail, bsize } = statfsSync(directory);
  return Math.max(0, Math.min(bytes, bavail * bsize - spareBytes));
}

/** Stays free, for others. */
const spareBytes = 10e9;
