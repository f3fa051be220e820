import { simulate } from '../simulation.ts';
import { placeOf } from './place.ts';

// The child of a trial: plays worlds until a promise is broken whose sentence begins as it shall. Arguments:
// how the sentence begins, and the worlds. Writes one line of JSON when it has caught something.

const [breaks = '', ...places] = process.argv.slice(2);
for (const place of places) {
  const { seed, variation } = placeOf(place);
  const { violations } = await simulate(seed, undefined, variation);
  const sentence = violations.find((violation) => violation.startsWith(breaks));
  if (sentence === undefined) continue;
  process.stdout.write(JSON.stringify({ place, sentence: sentence.split('\n')[0] }));
  break;
}
