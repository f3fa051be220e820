import { simulate } from '../simulation.ts';

// The child of a hunt: runs seeds until a promise is broken whose sentence begins as it shall, or the time is over.
// Arguments: how the sentence begins, and the seeds. Writes one line of JSON when it has caught something.

const [breaks = '', ...seeds] = process.argv.slice(2);
for (const seed of seeds.map(Number)) {
  const { violations } = await simulate(seed);
  const sentence = violations.find((violation) => violation.startsWith(breaks));
  if (sentence === undefined) continue;
  process.stdout.write(JSON.stringify({ seed, sentence: sentence.split('\n')[0] }));
  break;
}
