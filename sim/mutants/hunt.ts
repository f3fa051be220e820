import { simulateCluster } from '../cluster/cluster-simulation.ts';
import { simulate, type Verdict } from '../simulation.ts';
import { clusterSeedOf, type Place, placeOf } from './place.ts';

// The child of a trial: plays worlds until a promise is broken whose sentence begins as it shall. Arguments:
// how the sentence begins, and the worlds. Writes one line of JSON when it has caught something.

const [breaks = '', ...places] = process.argv.slice(2);
for (const place of places) {
  const { violations } = await playAt(place);
  const sentence = violations.find((violation) => violation.startsWith(breaks));
  if (sentence === undefined) continue;
  process.stdout.write(JSON.stringify({ place, sentence: sentence.split('\n')[0] }));
  break;
}

/** Plays out the world of a place. */
function playAt(place: Place): Promise<Verdict> {
  const clusterSeed = clusterSeedOf(place);
  if (clusterSeed !== undefined) return simulateCluster(clusterSeed);
  const { seed, variation } = placeOf(place);
  return simulate(seed, undefined, variation);
}
