import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A test as a page names it. */
export type NamedTest = { readonly file: string; readonly name: string };

/** The tests in a cell of a page in docs/: `[file](../test/file): what it is called`, apart by `<br>`. */
export function testsIn(cell: string): NamedTest[] {
  return cell.split('<br>').map((text) => {
    const [, link, name] = /^\[[^\]]+\]\(([^)]+)\): (.+)$/.exec(text) ?? [];
    assert.ok(link !== undefined && name !== undefined, text);
    return { file: join('docs', link), name };
  });
}

/** Whether the file has a test of this name; what a template fills in may be anything. */
export function isThere({ file, name }: NamedTest): boolean {
  if (!existsSync(file)) return false;
  const names = readFileSync(file, 'utf8').matchAll(/\btest\(\s*(['"`])((?:\\.|(?!\1)[^\\])+)\1/gs);
  return [...names].some(([, quote, text]) => patternOf(quote!, text!).test(name));
}

function patternOf(quote: string, text: string): RegExp {
  const said = text.replaceAll(/\\(.)/g, '$1');
  const parts = quote === '`' ? said.split(/\$\{[^}]*\}/) : [said];
  return new RegExp(`^${parts.map((part) => RegExp.escape(part)).join('.+')}$`);
}
