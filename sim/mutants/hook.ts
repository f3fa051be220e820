import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Mutant, plant } from './mutant.ts';

// Preloaded with `node --import`: plants the mutant of PLANTED_MUTANT, its name or all of it as JSON, in
// every module it is about.

const root = new URL('../../', import.meta.url);
const planted = process.env['PLANTED_MUTANT'];
const mutant = planted === undefined ? undefined : await mutantOf(planted);

if (mutant !== undefined) {
  const files = new Map(mutant.edits.map(({ file }) => [new URL(file, root).href, file]));
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const file = files.get(url);
      if (file === undefined) return loaded;
      if (loaded.source === undefined || loaded.source === null)
        throw new Error(`${fileURLToPath(url)} has no source.`);
      return { ...loaded, source: plant(mutant, file, Buffer.from(loaded.source as Uint8Array).toString()) };
    },
  });
}

/** All mutants are many files, which a process that is told its mutant need not load. */
async function mutantOf(text: string): Promise<Mutant> {
  if (text.startsWith('{')) return JSON.parse(text);
  const { mutantNamed } = await import('./mutants.ts');
  return mutantNamed(text);
}
