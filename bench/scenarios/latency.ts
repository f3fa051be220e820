import type { Scenario } from '../scenarios.ts';
import { putFigures } from './put.ts';

/** How long a PutRecord takes at a rate that is kept whatever the server does. */
export const latencyOfPutRecord: Scenario = latencyOf('PutRecord', {
  thorough: [100, 1000, 2500, 5000, 10_000],
  quick: [100, 1000],
});

/** The same of PutRecords with 500 records. */
export const latencyOfPutRecords: Scenario = latencyOf('PutRecords', {
  thorough: [10, 25, 50, 100, 200],
  quick: [10, 50],
});

function latencyOf(operation: 'PutRecord' | 'PutRecords', points: Scenario['points'] & object): Scenario {
  return {
    name: `latency-${operation}`,
    group: 'main',
    points,
    async measure(turn) {
      await using server = await turn.start(4);
      const { seconds } = turn.options;
      const load = { operation, requestsPerSecond: turn.at, warmSeconds: seconds / 2, seconds };
      turn.note(putFigures(await turn.run(server, { kind: 'open', ...load })));
    },
  };
}
