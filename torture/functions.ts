import type { Fault, Round } from './fault.ts';
import { FunctionsTrial, type Tally } from './functions/functions-trial.ts';

/**
 * Kills the server or the processes of its functions while mappings of each kind read a stream that is put
 * to and resharded. A round is a kill. What functions did is in a file that they write themselves.
 */
export const functions: Fault = {
  name: 'functions',
  title: 'kill -9 of the server and of functions, while mappings run',
  roundsUsual: 20,
  obstacle: () => (process.platform === 'linux' ? undefined : 'processes are looked for in /proc'),
  async *rounds({ workshop, random }) {
    const tally: Tally = { servers: 0, functions: 0, processed: 0, givenUp: 0 };
    for (;;) {
      using directory = workshop.directory();
      await using trial = new FunctionsTrial(workshop, random.fork(), directory.path, tally);
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

function told(round: Round, { servers, functions, processed, givenUp }: Tally): Round {
  const figures = `${servers} kills of the server, ${functions} of functions; of all mappings ${processed} records done, ${givenUp} given up`;
  return { ...round, figures };
}
