import { join } from 'node:path';
import type { Scenario } from '../scenarios.ts';
import type { MeterCosts } from '../servers/meter.ts';

/** What it costs to count a record, a put and a call. */
export const meter: Scenario = {
  name: 'meter',
  group: 'main',
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    const script = join(import.meta.dirname, '..', 'servers', 'meter.ts');
    const costs: MeterCosts = await turn.workshop.ask('server', script, [String(turn.options.seconds / 10)]);
    turn.note(costs);
  },
};
