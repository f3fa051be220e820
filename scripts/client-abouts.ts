// The real programs in test/clients/: the folders there that say what they are about.
import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { About } from '../test/clients/about.ts';

const root = join(import.meta.dirname, '..');

/** By the names of their folders, in alphabetical order. */
export async function clientAbouts(): Promise<Map<string, About>> {
  const files = globSync('test/clients/*/about.ts', { cwd: root }).sort();
  const abouts = await Promise.all(
    files.map(async (file) => {
      const { about } = (await import(pathToFileURL(join(root, file)).href)) as { about: About };
      return [basename(dirname(file)), about] as const;
    }),
  );
  return new Map(abouts);
}

/** The client that a test file is of; `undefined` for any other file. */
export function clientOf(file: string): string | undefined {
  return /test[\\/]clients[\\/]([\w-]+)[\\/][\w.-]+\.test\.ts$/.exec(file)?.[1];
}
