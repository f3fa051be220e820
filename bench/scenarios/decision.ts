import { join } from 'node:path';
import type { Scenario } from '../scenarios.ts';
import type { DecisionCosts } from '../servers/decision.ts';

/** What it costs to verify a small request's signature, and to decide by 20 statements, with warm caches. */
export const decision: Scenario = {
  name: 'decision',
  group: 'main',
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    const script = join(import.meta.dirname, '..', 'servers', 'decision.ts');
    const costs: DecisionCosts = await turn.workshop.ask('server', script, [
      String(turn.options.seconds / 10),
    ]);
    turn.note(costs);
  },
};
