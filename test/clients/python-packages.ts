import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { whyMissing } from './foreign-program.ts';

/**
 * Has pip install what a folder's requirements.txt names, into an environment of its own in `build/`, once.
 * Its Python is `build/bin/python`. Says why that cannot be had here, or `false`.
 */
export async function pythonPackages(folder: URL, python = 'python3'): Promise<string | false> {
  const wanted = readFileSync(new URL('requirements.txt', folder), 'utf8');
  const note = new URL('build/installed', folder);
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted) return false;
  const why =
    (await whyMissing([python, '-m', 'venv', '--clear', 'build'], folder)) ||
    (await whyMissing(['build/bin/pip', 'install', '--quiet', '--requirement', 'requirements.txt'], folder));
  if (why === false) writeFileSync(note, wanted);
  return why;
}
