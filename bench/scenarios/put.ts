import type { Figures } from '../figures.ts';
import type { Outcome, PutLoad } from '../load.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenarios.ts';
import type { Turn } from '../turn.ts';

/** Puts 500 records of 1 KiB to a request, and then reads all of them back. */
export const putRecords: Scenario = {
  name: 'PutRecords',
  group: 'main',
  rounds: ({ rounds }) => rounds,
  includes: ({ isOnlyFor }) => isOnlyFor === undefined,
  async measure(turn) {
    await using server = await turn.start(4);
    const outcome = await put(turn, server, {});
    const figures = { ...putFigures(outcome), residentMegabytes: server.residentMegabytes() };
    if (!turn.contender.readsBack) return turn.note(figures);
    const read = await turn.run(server, { kind: 'get', recordsExpected: outcome.acknowledged });
    const { putMicros: getMicros, putMegabytes: getMegabytes } = putFigures(read);
    turn.note({ ...figures, getMicros, getMegabytes });
  },
};

export const putRecord: Scenario = {
  name: 'PutRecord',
  group: 'main',
  rounds: ({ putRecordRounds }) => putRecordRounds,
  includes: ({ isOnlyFor }) => isOnlyFor !== 'tables',
  async measure(turn) {
    await using server = await turn.start(4);
    turn.note(putFigures(await put(turn, server, { operation: 'PutRecord', connections: 64 })));
  },
};

export const start: Scenario = {
  name: 'start',
  group: 'main',
  includes: ({ isOnlyFor }) => isOnlyFor === undefined,
  async measure(turn) {
    await using _ = await turn.start(4);
    turn.note({});
  },
};

/** Puts much in, to see what memory that takes. */
export const fill: Scenario = {
  name: 'memory',
  group: 'main',
  rounds: ({ fillBytes }) => (fillBytes > 0 ? 1 : 0),
  includes: ({ isFilled = false }) => isFilled,
  async measure(turn) {
    await using server = await turn.start(4);
    const emptyMegabytes = server.residentMegabytes();
    const load = { warmSeconds: 0, seconds: 3600, bytesMax: turn.options.fillBytes };
    const outcome = await put(turn, server, load);
    const residentMegabytes = server.residentMegabytes();
    const retainedMegabytes = (outcome.acknowledged * 1024) / 1e6;
    turn.note({ ...putFigures(outcome), emptyMegabytes, residentMegabytes, retainedMegabytes });
  },
};

/** As long as the options say, over eight connections, unless the load says otherwise. */
export function put(turn: Turn, server: RunningServer, load: Partial<PutLoad>): Promise<Outcome> {
  const { seconds, warmSeconds } = turn.options;
  const usual = { operation: 'PutRecords', connections: 8, requestsMin: 8, bytesMax: timedBytesMax } as const;
  return turn.run(server, { ...usual, seconds, warmSeconds, ...load, kind: 'put' });
}

/** What a run keeps in the memory of a server that keeps everything there. */
const timedBytesMax = 1_500_000_000;

export function putFigures(outcome: Outcome) {
  const { cpuSeconds, records, bytes, seconds, p50Ms, p99Ms, maxMs } = outcome;
  return {
    putMicros: (cpuSeconds / records) * 1e6,
    putPerMegabyteMs: (cpuSeconds * 1e3) / (bytes / 1e6),
    putMegabytes: bytes / 1e6 / seconds,
    putsPerSecond: records / seconds,
    p50Ms,
    p99Ms,
    maxMs,
  } satisfies Figures;
}
