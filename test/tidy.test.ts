import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/** A folder imports itself and the ones above it, never one below. */
const layers = [
  'env',
  'kinesis',
  'wire',
  'log',
  'catalog',
  'stream',
  'access',
  'api',
  'fronts',
  'around',
  'server',
];

const sources = globSync('src/**/*.ts').map((path) => ({ path, text: readFileSync(path, 'utf8') }));

/** Outside the folders that may, nobody reaches for the world. */
const reservedWords: readonly {
  readonly word: RegExp;
  readonly mayBeIn: RegExp;
  readonly instead: string;
}[] = [
  { word: /\bDate\.now\(|\bnew Date\(\)/, mayBeIn: /^src\/env\//, instead: 'env.clock.now()' },
  { word: /\bperformance\.now\(/, mayBeIn: /^src\/env\//, instead: 'env.clock.monotonic()' },
  { word: /(?<!\.)\bset(Timeout|Interval)\(/, mayBeIn: /^src\/env\//, instead: 'env.clock.sleep()' },
  { word: /'node:(fs|fs\/promises)'/, mayBeIn: /^src\/env\//, instead: 'env.disk' },
  { word: /\b(randomBytes|randomUUID|Math\.random)\b/, mayBeIn: /^src\/env\//, instead: 'env.random' },
  {
    word: /\bprocess\.exit\(/,
    mayBeIn: /^src\/(env\/|server\/program\.ts)/,
    instead: 'env.panic() or an error',
  },
  { word: /\bconsole\./, mayBeIn: /^src\/server\/program\.ts/, instead: 'env.logger' },
  { word: /:\s*any\b|\bas any\b/, mayBeIn: /^$/, instead: 'unknown, or the type' },
  // The linter finds a promise that nobody waits for, unless this operator or a listener of an event swallows it.
  { word: /\bvoid\s+[\w#(['"`]/, mayBeIn: /^$/, instead: 'detached()' },
  {
    word: /\.(on|once|addListener|prependListener|addEventListener)\(\s*'[^']+',\s*async\b/,
    mayBeIn: /^$/,
    instead: 'detached(), in a listener that is not async,',
  },
];

test('a folder imports itself and the folders above it, never one below', () => {
  const wrong = sources.flatMap(({ path, text }) =>
    importsOf(text)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => normalize(join(dirname(path), specifier)))
      .filter((imported) => layerOf(imported) > layerOf(path))
      .map((imported) => `${path} imports ${imported}`),
  );
  assert.deepEqual(wrong, []);
});

test('every source file lies in a folder of the list', () => {
  assert.deepEqual(
    sources.filter(({ path }) => layerOf(path) === -1).map(({ path }) => path),
    [],
  );
});

test('engines do not import each other', () => {
  const wrong = sources
    .filter(({ path }) => path.startsWith('src/log/'))
    .flatMap(({ path, text }) =>
      importsOf(text)
        .map((specifier) => normalize(join(dirname(path), specifier)))
        .filter((imported) => engineOf(imported) !== undefined && engineOf(imported) !== engineOf(path))
        .map((imported) => `${path} imports ${imported}`),
    );
  assert.deepEqual(wrong, []);
});

for (const { word, mayBeIn, instead } of reservedWords) {
  test(`the sources say ${instead} instead of ${word.source}`, () => {
    const wrong = sources
      .filter(({ path, text }) => !mayBeIn.test(path) && word.test(withoutComments(text)))
      .map(({ path }) => path);
    assert.deepEqual(wrong, []);
  });
}

test('files are named by kebab-case nouns, none is a drawer', () => {
  const drawers = /^(utils?|helpers?|common|managers?|misc)$/;
  const wrong = sources
    .flatMap(({ path }) => path.split('/').map((part) => basename(part, '.ts')))
    .filter((name) => drawers.test(name) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name));
  assert.deepEqual(wrong, []);
});

test('no file is longer than 350 lines', () => {
  const wrong = sources
    .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
    .filter(({ lines }) => lines > 350);
  assert.deepEqual(wrong, []);
});

test('nothing is left unfinished in the sources', () => {
  const unfinished = /\b(TODO|FIXME|XXX|HACK)\b|not implemented/;
  assert.deepEqual(
    sources.filter(({ text }) => unfinished.test(text)).map(({ path }) => path),
    [],
  );
});

test('every dependency has its sentence in ARCHITECTURE.md', () => {
  const architecture = readFileSync('ARCHITECTURE.md', 'utf8');
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const unexplained = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !architecture.includes(`\`${name}\``),
  );
  assert.deepEqual(unexplained, []);
});

test('lockfiles carry no download addresses', () => {
  const lockfiles = globSync('{.,bench/**,examples/**,test/**}/package-lock.json', {
    exclude: ['**/node_modules/**'],
  });
  assert.ok(lockfiles.length > 0);
  for (const path of lockfiles) assert.doesNotMatch(readFileSync(path, 'utf8'), /"resolved": *"http/, path);
});

function importsOf(text: string): string[] {
  return [...text.matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)/g)].map(
    ([, from, dynamic]) => (from ?? dynamic)!,
  );
}

function layerOf(path: string): number {
  return layers.indexOf(path.split('/')[1]!);
}

function engineOf(path: string): string | undefined {
  return /^src\/log\/(\w+)\//.exec(path)?.[1];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
