import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/**
 * The house, from the ground up. A folder imports itself and those above it in this list, never one below.
 */
const layers = [
  'env',
  'kinesis',
  'cost',
  'http',
  'wire',
  'log',
  'journal',
  'cluster',
  'catalog',
  'stream',
  'access',
  'objects',
  'iceberg',
  'delivery',
  'views',
  'rpc',
  'services',
  'gateway',
  'server',
  'cli',
];

/**
 * Outside of src/: what the house is played, tortured, measured and fuzzed with. None imports another one.
 */
const workshops = ['sim', 'torture', 'bench', 'fuzz'];

const sources = globSync('src/**/*.ts').map((path) => ({ path, text: readFileSync(path, 'utf8') }));

const consoleSources = globSync('console/**/*.{ts,tsx}').map((path) => ({
  path,
  text: readFileSync(path, 'utf8'),
}));

/** What only some folders may use, and what the others use instead. */
const reservedWords: readonly {
  readonly word: RegExp;
  readonly mayBeIn: RegExp;
  readonly instead: string;
}[] = [
  { word: /\bDate\.now\(|\bnew Date\(\)/, mayBeIn: /^src\/env\//, instead: 'env.clock.now()' },
  { word: /\bperformance\.now\(/, mayBeIn: /^src\/env\//, instead: 'env.clock.monotonic()' },
  { word: /'node:(fs|fs\/promises)'/, mayBeIn: /^src\/env\//, instead: 'env.disk' },
  { word: /\b(randomBytes|randomUUID|Math\.random)\b/, mayBeIn: /^src\/env\//, instead: 'env.random' },
  {
    word: /'node:(net|tls|http|https|http2|os|worker_threads|v8|dns|timers|timers\/promises)'/,
    mayBeIn: /^src\/(env|http)\//,
    instead: 'env or http/',
  },
  { word: /\bset(Immediate|Timeout|Interval)\(/, mayBeIn: /^src\/(env|http)\//, instead: 'env.clock' },
  {
    word: /\bprocess\.exit\(/,
    mayBeIn: /^src\/(env\/|cli\/program\.ts)/,
    instead: 'env.panic() or an error',
  },
  { word: /\bconsole\./, mayBeIn: /^src\/cli\/program\.ts/, instead: 'env.logger' },
  {
    word: /:\s*any\b|\bas any\b|\bas never\b|\bas unknown as\b/,
    mayBeIn: /^$/,
    instead: 'unknown, or the type',
  },
  // The linter finds a promise that is not awaited, unless this operator or a listener of an event swallows
  // it.
  { word: /\bvoid\s+[\w#(['"`]/, mayBeIn: /^$/, instead: 'detached()' },
  {
    word: /\.(on|once|addListener|prependListener|addEventListener)\(\s*'[^']+',\s*async\b/,
    mayBeIn: /^$/,
    instead: 'detached(), in a listener that is not async,',
  },
];

test('a folder imports itself and the folders before it in the list, never one after it', () => {
  const wrong = sources.flatMap(({ path, text }) =>
    filesImportedBy(path, text)
      .filter((imported) => !imported.startsWith('src/') || layerOf(imported) > layerOf(path))
      .map((imported) => `${path} imports ${imported}`),
  );
  assert.deepEqual(wrong, []);
});

test('http/ knows the outside world, and nothing of what is served', () => {
  const wrong = sources
    .filter(({ path }) => path.startsWith('src/http/'))
    .flatMap(({ path, text }) =>
      filesImportedBy(path, text)
        .filter((imported) => !/^src\/(http|env)\//.test(imported))
        .map((imported) => `${path} imports ${imported}`),
    );
  assert.deepEqual(wrong, []);
});

test('wire/ knows shapes: nothing of kinesis/, and no operation by its name', () => {
  const operations = globSync('src/services/*/operations/*.ts').map((path) =>
    basename(path, '.ts').replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  );
  assert.ok(operations.includes('PutRecords'));
  const named = new RegExp(`\\b(${operations.join('|')})\\b`);
  const wrong = sources
    .filter(({ path }) => path.startsWith('src/wire/'))
    .filter(
      ({ path, text }) =>
        named.test(withoutComments(text)) ||
        filesImportedBy(path, text).some((imported) => imported.startsWith('src/kinesis/')),
    )
    .map(({ path }) => path);
  assert.deepEqual(wrong, []);
});

test('the folders of src/ are those of the list', () => {
  assert.deepEqual(new Set(sources.map(({ path }) => path.split('/')[1]!)), new Set(layers));
});

test('siblings in log/ and in services/ do not import each other', () => {
  const wrong = sources.flatMap(({ path, text }) =>
    filesImportedBy(path, text)
      .filter((imported) => isSibling(path, imported))
      .map((imported) => `${path} imports ${imported}`),
  );
  assert.deepEqual(wrong, []);
});

test('no file imports itself by way of others, but for types', () => {
  const valuesOf = new Map(sources.map(({ path, text }) => [path, valuesImportedBy(path, text)]));
  assert.deepEqual(circlesIn(valuesOf), []);
});

test('the workshops import src/ and harness/, and never each other', () => {
  const files = globSync(`{${workshops},harness}/**/*.ts`, {
    exclude: ['**/peers/**', '**/node_modules/**'],
  });
  const wrong = files.flatMap((path) =>
    filesImportedBy(path, readFileSync(path, 'utf8'))
      .filter((imported) => {
        const [from] = path.split('/');
        const [folder] = imported.split('/');
        // What a browser runs is measured as it is.
        if (from === 'bench' && folder === 'console') return false;
        return folder !== from && folder !== 'src' && folder !== 'harness';
      })
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

test('the console imports itself, the packages that it is built of, and of src/ types and what knows no Node', () => {
  const packages = /^(preact(\/hooks)?|@preact\/signals)$/;
  const pure = /^src\/(cost|kinesis)\//;
  const typesOf = /^src\/(services\/millrace\/sights|views\/view)\.ts$/;
  const wrong = consoleSources.flatMap(({ path, text }) => {
    const head = importsAbove(text);
    const foreign = importsOf(head).filter((name) => !name.startsWith('.') && !packages.test(name));
    const values = new Set(valuesImportedBy(path, head));
    const own = filesImportedBy(path, text).filter((imported) => {
      if (imported.startsWith('console/') || pure.test(imported)) return false;
      return !typesOf.test(imported) || values.has(imported);
    });
    return [...foreign, ...own].map((imported) => `${path} imports ${imported}`);
  });
  assert.ok(consoleSources.length > 50);
  assert.deepEqual(wrong, []);
});

test('what the console takes of src/ names nothing of Node', () => {
  const taken = new Set(
    consoleSources
      .flatMap(({ path, text }) => valuesImportedBy(path, text))
      .filter((path) => path.startsWith('src/')),
  );
  const wrong: string[] = [];
  for (const path of taken) {
    const text = readFileSync(path, 'utf8');
    for (const imported of valuesImportedBy(path, text)) taken.add(imported);
    if (/from 'node:|\bBuffer\b|\bprocess\./.test(withoutComments(text))) wrong.push(path);
  }
  assert.deepEqual(wrong, []);
});

test('the console writes no markup: what stands in a stream or a policy is shown, and never run', () => {
  const markup =
    /\b(dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|srcdoc)\b|\bdocument\.write|\beval\(|\bnew Function\b|javascript:/;
  assert.deepEqual(
    consoleSources.filter(({ text }) => markup.test(withoutComments(text))).map(({ path }) => path),
    [],
  );
});

test('files of the console that have state say so', () => {
  const state =
    /^(?:export )?(?:const \w+(?:: [^=]+)? = (?:signal|computed|new (?:Map|Set)(?:<.*>)?\(\))|let )/m;
  const wrong = consoleSources
    .filter(({ text }) => state.test(text) && !/\bstate\b/.test(text.slice(0, 300)))
    .map(({ path }) => path);
  assert.deepEqual(wrong, []);
});

test('files are named by kebab-case nouns, none is a drawer', () => {
  const drawers = /^(utils?|helpers?|common|managers?|misc)$/;
  const wrong = sources
    .flatMap(({ path }) => path.split('/').map((part) => basename(part, '.ts')))
    .filter((name) => drawers.test(name) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name));
  assert.deepEqual(wrong, []);
});

test('no file is longer than 350 lines', () => {
  const wrong = [...sources, ...consoleSources]
    .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
    .filter(({ lines }) => lines > 350);
  assert.deepEqual(wrong, []);
});

test('no comment is wider than the 110 columns of the code', () => {
  const files = globSync(
    '{src,console,sim,torture,bench,fuzz,harness,test,scripts,examples}/**/*.{ts,tsx,mjs}',
    {
      exclude: ['**/node_modules/**', 'bench/peers/**'],
    },
  );
  const wide = files.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) => (line.length > 110 && isComment(line) ? [`${path}:${index + 1}`] : [])),
  );
  assert.deepEqual(wide, []);
});

test('nothing is left unfinished in the sources', () => {
  const unfinished = /\b(TODO|FIXME|XXX|HACK)\b|not implemented/;
  assert.deepEqual(
    sources.filter(({ text }) => unfinished.test(text)).map(({ path }) => path),
    [],
  );
});

test('ARCHITECTURE.md lists the folders of src/ in their order', () => {
  const table = [...readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/^\| `src\/(\w+)\/` \|/gm)];
  assert.deepEqual(
    table.map(([, folder]) => folder),
    layers,
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

/** What stands above the code: the samples of code that the console shows have imports of their own. */
function importsAbove(text: string): string {
  return /^(?:\s|\/\/.*\n|(?:import|export)\b[^;]*?'[^']+';)*/.exec(text)![0];
}

function filesImportedBy(path: string, text: string): string[] {
  return importsOf(text)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => normalize(join(dirname(path), specifier)));
}

/**
 * Those whose code runs when this file is loaded: imports of types are gone by then, and calls of `import()`
 * come later.
 */
function valuesImportedBy(path: string, text: string): string[] {
  return [...text.matchAll(/^(?:import|export) (?!type\b)(?:([^;]*?) from )?'(\.[^']+)';/gm)]
    .filter(([, names]) => names === undefined || !isOfTypesOnly(names))
    .map(([, , specifier]) => normalize(join(dirname(path), specifier!)));
}

function isOfTypesOnly(names: string): boolean {
  const inBraces = /^\{([^}]*)\}$/.exec(names.trim());
  return inBraces !== null && inBraces[1]!.split(',').every((name) => /^\s*(type\b.*)?$/s.test(name));
}

/** Every circle once: its files in order. */
function circlesIn(imported: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) {
      circles.push([...way.slice(way.indexOf(path)), path]);
      return;
    }
    if (done.has(path)) return;
    for (const next of imported.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of imported.keys()) visit(path, []);
  return circles;
}

function layerOf(path: string): number {
  return layers.indexOf(path.split('/')[1]!);
}

/**
 * Engines know no other engine, services no other service. What all of them share lies beside their folders.
 */
function isSibling(path: string, imported: string): boolean {
  const [, folder, name] = path.split('/');
  const [, otherFolder, other] = imported.split('/');
  if (folder !== otherFolder || (folder !== 'log' && folder !== 'services')) return false;
  const areFolders = !name!.endsWith('.ts') && !other!.endsWith('.ts');
  return areFolders && name !== other;
}

function isComment(line: string): boolean {
  return /^\s*(\/\/|\/?\*)|[;{},)] \/\/ /.test(line);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
