/**
 * Plays many programs against two servers that listen already:
 * `node test/services/dynamodb/differential/main.ts local=24801 moto=24802 --from 1 --seeds 100 --texts`.
 */
import { parseArgs } from 'node:util';
import type { Party } from './dialogue.ts';
import { type Match, play, transcriptOf } from './match.ts';
import { isAskedOfMoto } from './moto.ts';
import { drawProgram, rendered } from './program.ts';
import { shrink } from './shrink.ts';
import type { Step } from './steps.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '100' },
    steps: { type: 'string', default: '25' },
    texts: { type: 'boolean', default: false },
    raw: { type: 'boolean', default: false },
    /** Requests that have this in their operation or their JSON are left out. */
    skip: { type: 'string' },
  },
});
const [one, other] = positionals.map((text): Party => {
  const [name, port] = text.split('=');
  return { name: name!, port: Number(port) };
});
const match: Match = { parties: [one!, other!], texts: values.texts };
const counts = new Map<string, number>();
const isOfMoto = match.parties.some(({ name }) => name === 'moto');
const skipped = values.skip === undefined ? undefined : new RegExp(values.skip);
const isAsked = (step: Step) =>
  (!isOfMoto || isAskedOfMoto(step)) &&
  skipped?.test(`${step.operation} ${JSON.stringify(rendered(step.input))}`) !== true;
let compared = 0;
for (let seed = Number(values.from); seed < Number(values.from) + Number(values.seeds); seed++) {
  const program = drawProgram(seed, Number(values.steps), isAsked);
  const outcome = await play(program, match);
  compared += outcome.compared;
  for (const [{ why }, count] of outcome.known) counts.set(why, (counts.get(why) ?? 0) + count);
  const { found } = outcome;
  if (found === undefined) continue;
  counts.set('DIFFERENT', (counts.get('DIFFERENT') ?? 0) + 1);
  const whole = { ...program, steps: program.steps.slice(0, found.at + 1) };
  const small = values.raw
    ? whole
    : await shrink(whole, async (smaller) => {
        const again = await play(smaller, match).catch(() => undefined);
        return again?.found?.difference.nature === found.difference.nature;
      });
  const last = (await play(small, match)).found;
  const names = match.parties.map(({ name }) => name).join(' and ');
  console.log(`seed ${seed}: ${names} differ\n${transcriptOf(small)}`);
  console.log(`      ${last?.difference.said ?? '(not again)'}`);
}
console.log(`${compared} answers compared`, counts);
