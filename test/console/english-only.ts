import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const console_ = join(import.meta.dirname, '../../console');
let words: ReadonlySet<string> | undefined;

/** Whether a text has a word that the console's English texts have, and its Spanish ones have not. */
export function englishOnly(text: string): boolean {
  words ??= readWords();
  return wordsOf(text).some((word) => words!.has(word));
}

/** From the sources: in each call of `texts`, English comes before Spanish. */
function readWords(): Set<string> {
  const [english, spanish] = [new Set<string>(), new Set<string>()];
  for (const path of globSync('**/*.{ts,tsx}', { cwd: console_ })) {
    const source = readFileSync(join(console_, path), 'utf8');
    for (const [, en = '', es = ''] of source.matchAll(/\ben: \{(.*?)\bes: \{(.*?)\}[,\s]*\}\)/gs)) {
      for (const word of wordsOf(textsIn(en))) english.add(word);
      for (const word of wordsOf(textsIn(es))) spanish.add(word);
    }
  }
  return english.difference(spanish);
}

/** What stands between quotes, but what a template puts in. */
function textsIn(source: string): string {
  const quoted = source.match(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/gs) ?? [];
  return quoted.map((text) => text.replace(/\$\{[^}]*\}/g, ' ')).join(' ');
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
}
