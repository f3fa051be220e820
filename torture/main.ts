import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { enterNamespace } from '../harness/namespace.ts';
import { faults } from './faults.ts';
import { type Options, readOptions, usage } from './options.ts';
import { complaints, isBroken, table } from './report.ts';
import { type Result, run } from './runner.ts';
import { Workshop } from './workshop.ts';

const options = optionsOrEnd();
enterNamespace();
const workshop = new Workshop(tmpdir());
// Also on Ctrl-C and after a failure nothing stays behind.
process.on('exit', () => workshop.close());
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.on(signal, () => process.exit(128 + number));
}
/** How long nothing may be heard. */
const tellSeconds = 3;

try {
  await torture(options);
} catch (error) {
  // Ctrl-C goes to the tools at work as well, and they tell first.
  if ((error as { signal?: string }).signal === 'SIGINT') process.exit(130);
  throw error;
}
process.exit();

async function torture({ faults, rounds, seconds, seed }: Options): Promise<void> {
  console.log(`Seed ${seed}. The same schedule again: --seed ${seed}`);
  const results: Result[] = [];
  for (const fault of faults) {
    const isEndless = fault.isEndless === true && Number.isFinite(seconds);
    const measure = { rounds: rounds ?? (isEndless ? Number.POSITIVE_INFINITY : fault.roundsUsual), seconds };
    console.log(`${fault.name}: ${fault.title}`);
    const result = await run(fault, workshop, seed, measure, progress(measure.rounds));
    if (result.skipped !== undefined) console.log(`${fault.name}: skipped, ${result.skipped}`);
    if (result.violations.length > 0) console.log(complaints(result, seed, seconds));
    results.push(result);
  }
  console.log(`\n${table(results)}\n`);
  const isWell = !results.some(isBroken);
  console.log(isWell ? 'No promise of Millrace was broken.' : 'Millrace broke promises: see above.');
  if (!isWell) process.exitCode = 1;
}

/** A line every few seconds, and one for the last round. */
function progress(rounds: number): (soFar: Result) => void {
  let toldAt = 0;
  return ({ fault, rounds: done, acknowledged, violations, seconds, figures }) => {
    if (seconds - toldAt < tellSeconds && done < rounds) return;
    toldAt = seconds;
    const of = Number.isFinite(rounds) ? ` of ${rounds}` : '';
    const soFar = figures === undefined || done === rounds ? '' : `; ${figures}`;
    console.log(
      `${fault.name}: round ${done}${of}, ${acknowledged} records acknowledged, ${violations.length} promises broken${soFar}`,
    );
  };
}

function optionsOrEnd(): Options {
  try {
    const options = readOptions(process.argv.slice(2), faults, randomInt(1, 1_000_000));
    if (options !== undefined) return options;
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    console.error(`torture: ${(error as Error).message}`);
    process.exit(2);
  }
}
