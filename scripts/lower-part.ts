import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

const mark = '<!-- What follows is written by `npm run docs`; a test keeps it up to date. -->\n';

/** A page whose upper part is written by hand, with what the sources say below it. */
export function withLowerPart(path: string, lower: string): string {
  const [upper, before] = readFileSync(join(root, path), 'utf8').split(mark);
  if (before === undefined) throw new Error(`${path} does not say where what is generated begins`);
  return `${upper}${mark}\n${lower}`;
}
