// Makes the console's files in dist/console/: scripts whose names say what is in them, one style sheet, and
// the page that names both. Run before a package is packed, and by `npm start` where sources are newer.
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'console');
const made = join(root, 'dist', 'console');

/** Whether what is there was made of the sources that are there. */
export function isBuilt() {
  const page = statSync(join(made, 'index.html'), { throwIfNoEntry: false });
  if (page === undefined) return false;
  const sources = ['console/**/*.*', 'src/cost/**/*.ts', 'scripts/build-console.mjs', 'package-lock.json'];
  return sources
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .every((path) => statSync(join(root, path)).mtimeMs <= page.mtimeMs);
}

export async function buildConsole() {
  const { rolldown } = await import('rolldown');
  // Made beside it, then put in its place whole: others may build, or read, at the same time.
  const making = `${made}-${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const bundle = await rolldown({
    input: join(source, 'main.tsx'),
    platform: 'browser',
    tsconfig: join(source, 'tsconfig.json'),
  });
  const { output } = await bundle.write({
    dir: making,
    format: 'esm',
    minify: true,
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await bundle.close();
  const entry = output.find((chunk) => chunk.type === 'chunk' && chunk.isEntry);
  const style = styleSheet(making);
  const page = readFileSync(join(source, 'index.html'), 'utf8')
    .replace('main.js', entry.fileName)
    .replace('style.css', style);
  writeFileSync(join(making, 'index.html'), page);
  putInPlace(making);
}

/** Who else has just put theirs there has put the same. */
function putInPlace(making) {
  rmSync(made, { recursive: true, force: true });
  try {
    renameSync(making, made);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    rmSync(making, { recursive: true, force: true });
  }
}

/** All style sheets as one: uPlot's, then the shell's, then those of parts and pages. */
function styleSheet(making) {
  const paths = [
    ...globSync('shell/*.css', { cwd: source })
      .sort()
      .map((path) => join(source, path)),
    ...globSync('{parts,pages}/**/*.css', { cwd: source })
      .sort()
      .map((path) => join(source, path)),
  ];
  const text = paths.map((path) => readFileSync(path, 'utf8')).join('\n');
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 8);
  writeFileSync(join(making, `style-${hash}.css`), text);
  return `style-${hash}.css`;
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !isBuilt()) await buildConsole();
