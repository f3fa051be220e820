import { DeliveriesTrial, type Tally } from './deliveries/deliveries-trial.ts';
import type { Fault, Round } from './fault.ts';

/**
 * Kills the server or the store of objects while deliveries of each kind run, of streams that are put to and
 * resharded. A round is a kill. What was delivered is counted from what the store has kept.
 */
export const deliveries: Fault = {
  name: 'deliveries',
  title: 'kill -9 of the server and of the store of objects, while deliveries run',
  roundsUsual: 20,
  obstacle: () => undefined,
  async *rounds({ workshop, random }) {
    const tally: Tally = { servers: 0, stores: 0, objects: 0, delivered: new Map() };
    for (;;) {
      using directory = workshop.directory();
      await using trial = new DeliveriesTrial(workshop, random.fork(), directory.path, tally);
      await trial.begin();
      for (let kill = 1; kill <= killsOfEach; kill++) {
        const round = await trial.kill();
        yield told(isAudited(kill) ? joined(round, await trial.audit()) : round, tally);
      }
    }
  },
};

/** So many kills a data directory lives through, and after every few of them all is looked at. */
const killsOfEach = 20;
const isAudited = (kill: number) => kill === 2 || kill % 5 === 0;

function joined(one: Round, other: Round): Round {
  return {
    acknowledged: one.acknowledged + other.acknowledged,
    violations: [...one.violations, ...other.violations],
  };
}

function told(round: Round, { servers, stores, objects, delivered }: Tally): Round {
  const counts = [...delivered].map(([name, count]) => `${name} ${count}`).join(', ');
  const figures = `${servers} kills of the server, ${stores} of the store; records in ${objects} objects: ${counts}`;
  return { ...round, figures };
}
