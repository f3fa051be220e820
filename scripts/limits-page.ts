// Writes docs/limits.md from the constants in src/: `npm run docs`.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export const limitsPath = join(root, 'docs/limits.md');

const opening = `# Limits

This page is generated from the constants in \`src/\` by \`npm run docs\`; a test keeps it up to date. AWS's limits come first, as
\`src/kinesis/limits.ts\` has them, then those of our own, by the folder that keeps to them. Everything that waits, grows or is
remembered has one. [operating.md](operating.md) says which of them settings change.
`;

/** A constant that bounds something: its name, its value as written, and the sentence above it. */
export type Limit = {
  readonly path: string;
  readonly name: string;
  readonly value: string;
  readonly sentence: string;
};

/** The page as the constants are now. */
export function limitsPage(): string {
  const paths = globSync('src/**/*.ts', { cwd: root }).sort();
  const limits = paths.flatMap(limitsIn).filter(({ sentence }) => sentence !== '');
  const folders = [...new Set(limits.map(({ path }) => folderOf(path)))];
  const parts = folders.map((folder) => {
    const own = limits.filter(({ path }) => folderOf(path) === folder);
    return section(`\`src/${folder}/\``, own);
  });
  return [opening, section("AWS's", membersIn(ofAws)), ...parts].join('\n');
}

const ofAws = 'src/kinesis/limits.ts';

/** The constants of a file that bound something, exported or not. */
export function limitsIn(path: string): Limit[] {
  return find(path, /^(?:export )?const (\w+)(?:: \w+)? = ([^;]+);/gm).filter(isLimit);
}

/** Those of an object: every member is one. */
function membersIn(path: string): Limit[] {
  return find(path, /^ {2,4}(\w+): ([^,{\n]+),$/gm);
}

function find(path: string, declaration: RegExp): Limit[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(declaration)].map(({ 1: name, 2: value, index }) => ({
    path,
    name: name!,
    value: value!,
    sentence: commentBefore(text.slice(0, index)),
  }));
}

/** By its name. In `http/`, what is so many bytes bounds memory; elsewhere it may be a part of a format. */
function isLimit({ path, name }: Limit): boolean {
  return /(Max|Ms|Seconds)$|BytesMin$/.test(name) || (path.startsWith('src/http/') && /Bytes$/.test(name));
}

/** The text of the comment that ends where a declaration begins, in one line; empty without one. */
function commentBefore(text: string): string {
  const lines = text.trimEnd().split('\n');
  const comment: string[] = [];
  const isBlock = lines.at(-1)!.trimEnd().endsWith('*/');
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at]!;
    if (!isBlock && !/^\s*\/\//.test(line)) break;
    comment.unshift(line.replace(/^\s*(\/\*\*|\/\/|\*(?!\/))? ?|\s*\*\/$/g, '').trim());
    if (isBlock && /^\s*\/\*\*/.test(line)) break;
  }
  return comment.join(' ').trim();
}

function section(title: string, limits: readonly Limit[]): string {
  const rows = limits.map(({ path, name, value, sentence }) => {
    const file = path.slice(path.lastIndexOf('/') + 1, -'.ts'.length);
    return `| \`${name}\` | ${shown(name, value)} | [${file}](../${path}) | ${sentence.replaceAll('|', '\\|')} |\n`;
  });
  return `## ${title}\n\n| constant | value | file | what it bounds |\n|---|---|---|---|\n${rows.join('')}`;
}

/** The number with its unit, where the expression is one; else the expression. */
function shown(name: string, value: string): string {
  const sum = value
    .replaceAll('_', '')
    .replaceAll('\n', ' ')
    .replace(/(?<=\d)n\b/g, '');
  if (!/^[\d\s.*+()]+$/.test(sum)) return `\`${value.replaceAll(/\s+/g, ' ')}\``;
  const number = sum.split('+').reduce((total, product) => total + productOf(product), 0);
  if (/Bytes/.test(name)) return bytesText(number);
  if (/Ms/.test(name)) return number < 1000 ? `${number} ms` : `${(number / 1000).toLocaleString('en')} s`;
  if (/Seconds/.test(name)) return `${number.toLocaleString('en')} s`;
  return number.toLocaleString('en');
}

function productOf(product: string): number {
  return product
    .replace(/\*\*/g, '^')
    .split('*')
    .map((factor) => {
      const [base, power] = factor
        .replaceAll(/[()\s]/g, '')
        .split('^')
        .map(Number);
      return power === undefined ? base! : base! ** power;
    })
    .reduce((one, other) => one * other, 1);
}

function bytesText(bytes: number): string {
  if (bytes >= 1024 * 1024 && bytes % (512 * 1024) === 0) return `${bytes / (1024 * 1024)} MiB`;
  if (bytes >= 1024 && bytes % 512 === 0) return `${bytes / 1024} KiB`;
  return `${bytes.toLocaleString('en')} bytes`;
}

function folderOf(path: string): string {
  return path.split('/')[1]!;
}

if (import.meta.main) writeFileSync(limitsPath, limitsPage());
