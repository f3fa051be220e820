import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { plant } from './mutant.ts';
import { mutantNamed } from './mutants.ts';

// Preloaded with `node --import`: plants the mutant that PLANTED_MUTANT names in every module it is about.

const root = new URL('../../', import.meta.url);
const name = process.env['PLANTED_MUTANT'];
const mutant = name === undefined ? undefined : mutantNamed(name);

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
