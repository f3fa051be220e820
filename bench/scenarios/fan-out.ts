import type { Scenario } from '../scenarios.ts';
import type { Turn } from '../turn.ts';

/** From putting 1,000 records a second to so many registered consumers having them. */
export const fanOut: Scenario = {
  name: 'fan-out',
  group: 'main',
  points: { thorough: [1, 20], quick: [1, 20] },
  measure: (turn) => measureFanOut(turn, 1000),
};

/** The same at a rate at which a hundred consumers keep up in one process. */
export const consumers: Scenario = {
  name: 'consumers',
  group: 'growth',
  points: { thorough: [1, 3, 10, 30, 100], quick: [3] },
  measure: (turn) => measureFanOut(turn, 200),
};

async function measureFanOut(turn: Turn, recordsPerSecond: number): Promise<void> {
  await using server = await turn.start(1);
  const { seconds } = turn.options;
  // Two hundred puts a second warm a server more slowly than as many as it takes.
  const pace = { recordsPerSecond, warmSeconds: seconds, seconds };
  const outcome = await turn.run(server, { kind: 'fan-out', consumers: turn.at, ...pace });
  const { p50Ms, p99Ms, maxMs } = outcome.fromSend;
  const fanOutPerSecond = outcome.records / outcome.seconds;
  turn.note({
    p50Ms,
    p99Ms,
    maxMs,
    dueP50Ms: outcome.fromDue.p50Ms,
    dueP99Ms: outcome.fromDue.p99Ms,
    fanOutPerSecond,
    // Not of a run that fell behind its schedule: fewer and larger events cost less.
    ...(fanOutPerSecond >= 0.95 * recordsPerSecond && {
      fanOutMicros: (outcome.cpuSeconds / outcome.records) * 1e6,
    }),
    cpuPercent: (outcome.cpuSeconds / outcome.seconds) * 100,
    pauseMs: outcome.pauseMs,
    residentMegabytes: server.residentMegabytes(),
  });
}
