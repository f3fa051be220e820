import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutant.ts';
import type { Place } from './place.ts';

/** The files that list mutants, with their paths. */
export function mutantFiles(): { path: string; text: string }[] {
  const paths = globSync('*-mutants.ts', { cwd: import.meta.dirname }).sort();
  return paths.map((name) => {
    const path = join(import.meta.dirname, name);
    return { path, text: readFileSync(path, 'utf8') };
  });
}

/** Writes down in which world a mutant shows now, in the file that lists it. Answers the file's path. */
export function writePlace(mutant: Mutant, place: Place): string {
  for (const { path, text } of mutantFiles()) {
    const changed = withPlace(text, mutant, place);
    if (changed === undefined) continue;
    writeFileSync(path, changed);
    return path;
  }
  throw new Error(`No file of ${import.meta.dirname} lists the mutant '${mutant.name}' with a world.`);
}

/** The text of a file of mutants with another world for one of them; undefined when it does not list it. */
export function withPlace(text: string, { name, proof }: Mutant, place: Place): string | undefined {
  const from = text.indexOf(`name: '${name}',`);
  if (from === -1 || proof.kind === 'test') return undefined;
  const next = text.indexOf(" name: '", from);
  const own = text.slice(from, next === -1 ? text.length : next);
  const changed = own.replace(
    /simulation\('[^']*'(, '[^']*')?\)/,
    `simulation('${proof.breaks}', '${place}')`,
  );
  return text.slice(0, from) + changed + text.slice(from + own.length);
}
