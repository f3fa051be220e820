import { join } from 'node:path';
import type { Scenario } from '../scenarios.ts';
import type { Floor } from '../servers/floor.ts';

/** The parts of a PutRecords that no server can do without, timed one by one on the server's processor. */
export const floor: Scenario = {
  name: 'floor',
  group: 'main',
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    const directory = turn.workshop.directory();
    const script = join(import.meta.dirname, '..', 'servers', 'floor.ts');
    const seconds = String(turn.options.seconds / 10);
    const floor: Floor = await turn.workshop.ask('server', script, [join(directory, 'file'), seconds]);
    turn.workshop.remove(directory);
    turn.note(floor);
  },
};
