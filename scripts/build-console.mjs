// Makes the console's files in dist/console/: few scripts, whose names say what is in them, one style sheet,
// and the page that names both. Run before a package is packed, and by `npm start` where sources are newer.
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { smallerStyle } from './smaller-style.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'console');
const builtFolder = join(root, 'dist', 'console');

/** Whether what is there was made of the sources that are there. */
export function isBuilt() {
  const page = statSync(join(builtFolder, 'index.html'), { throwIfNoEntry: false });
  if (page === undefined) return false;
  const sources = [
    ...['console/**/*.*', 'src/cost/**/*.ts', 'src/kinesis/*.ts'],
    ...['scripts/build-console.mjs', 'scripts/smaller-style.mjs', 'package-lock.json'],
  ];
  return sources
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .every((path) => statSync(join(root, path)).mtimeMs <= page.mtimeMs);
}

/** Makes them in `made`, in the place of what was there. */
export async function buildConsole(made = builtFolder) {
  const { rolldown } = await import('rolldown');
  // Made beside it, then put in its place whole: others may build, or read, at the same time.
  const making = `${made}-${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const bundle = await rolldown({
    input: join(source, 'main.tsx'),
    platform: 'browser',
    tsconfig: join(source, 'tsconfig.json'),
    // What one script takes of another may be named anything.
    preserveEntrySignatures: false,
  });
  const { output } = await bundle.write({
    dir: making,
    format: 'esm',
    minify: true,
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: scriptOf(), debugName: 'kinds of pages' }],
    },
  });
  await bundle.close();
  const nameOf = (script) => output.find(({ name }) => name === script).fileName;
  const style = styleSheet(making);
  const page = readFileSync(join(source, 'index.html'), 'utf8')
    .replace('main.js', nameOf(first))
    // What rolldown itself adds, which all but the first script want.
    .replace('runtime.js', nameOf('rolldown-runtime'))
    .replace('style.css', style);
  writeFileSync(join(making, 'index.html'), page);
  putInPlace(making, made);
}

/**
 * Which script a module goes into: what is there at the start, and what pages of several kinds share, into
 * the first; else a page into the one of its kind. A script for every page, and for all that two pages share,
 * would be forty, which come to a sixth more when each is packed by itself.
 */
function scriptOf() {
  let ofFirst;
  return (id, modules) => {
    ofFirst ??= modulesOfFirst(modules);
    return ofFirst.has(id) ? first : kindOf(id);
  };
}

function modulesOfFirst(modules) {
  const main = join(source, 'main.tsx');
  const loaded = (id) => modules.getModuleInfo(id)?.importedIds ?? [];
  const fetched = (id) => modules.getModuleInfo(id)?.dynamicallyImportedIds ?? [];
  const all = reachedFrom(main, (id) => [...loaded(id), ...fetched(id)]);
  const shared = [...all].flatMap((id) => loaded(id).filter((imported) => kindOf(imported) !== kindOf(id)));
  return new Set([main, ...shared].flatMap((id) => [...reachedFrom(id, loaded)]));
}

/** A module, and all that it leads to. */
function reachedFrom(id, next, reached = new Set()) {
  if (!reached.has(id)) {
    reached.add(id);
    for (const other of next(id)) reachedFrom(other, next, reached);
  }
  return reached;
}

function kindOf(id) {
  const path = relative(root, id);
  return kinds.find(({ of }) => of.test(path))?.name ?? first;
}

const first = 'main';
const kinds = [
  { name: 'streams', of: /^console\/pages\/streams?\/|^src\/kinesis\// },
  { name: 'records', of: /^console\/pages\/(records|query)\// },
  { name: 'access', of: /^console\/pages\/(access|keys|audit)\// },
  { name: 'server', of: /^console\/pages\/(readers|server|cost)\/|^src\/cost\// },
];

/** Who else has just put theirs there has put the same. */
function putInPlace(making, made) {
  rmSync(made, { recursive: true, force: true });
  try {
    renameSync(making, made);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    rmSync(making, { recursive: true, force: true });
  }
}

/** All style sheets as one: the shell's, then those of parts and pages. */
function styleSheet(making) {
  const paths = ['shell/*.css', '{parts,pages}/**/*.css'].flatMap((pattern) =>
    globSync(pattern, { cwd: source }).sort(),
  );
  const text = smallerStyle(paths.map((path) => readFileSync(join(source, path), 'utf8')).join('\n'));
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 8);
  writeFileSync(join(making, `style-${hash}.css`), text);
  return `style-${hash}.css`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // `build-console.mjs FOLDER` makes them there.
  const [, , folder] = process.argv;
  if (folder !== undefined || !isBuilt()) await buildConsole(folder);
}
