import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isFull, onlyInFull } from './extent.ts';
import { runProgram, whyMissing } from './foreign-program.ts';

/** The Java sources of a folder with a pom.xml that names their libraries. Outputs are in its `target/`. */
export type JavaClasses = {
  /** Why they cannot be had here, or `false`. */
  readonly skip: string | false;
  /** For `java -cp`, which has to run in the folder. Compiles what has changed since it last did. */
  readonly classPath: () => Promise<string>;
  /** The libraries alone. */
  readonly libraries: () => string;
};

/** A program of seconds is not worth the best compiler. */
export const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'] as const;

/**
 * Has Maven fetch the libraries, once. With `large`, only a full run fetches them: any other takes what an
 * earlier one has left. The sources are those of the folder, and `shared` ones by their paths from there.
 */
export async function javaClasses(
  folder: URL,
  size: 'small' | 'large' = 'small',
  shared: readonly string[] = [],
): Promise<JavaClasses> {
  const skip =
    (await whyMissing(['javac', '--version'], folder)) ||
    (!hasLibraries(folder) && (await whyNotFetched(folder, size)));
  return { skip, classPath: () => compiled(folder, shared), libraries: () => librariesOf(folder) };
}

/** The same for a program that only a full run runs: no other asks Maven whether it could. */
export async function classesInFull(folder: URL, shared: readonly string[] = []): Promise<JavaClasses> {
  return onlyInFull ? noClasses(onlyInFull) : await javaClasses(folder, 'large', shared);
}

/** Of a program that cannot be had, or is not asked for. */
export function noClasses(skip: string): JavaClasses {
  const fail = () => {
    throw new Error(skip);
  };
  return { skip, classPath: fail, libraries: fail };
}

async function whyNotFetched(folder: URL, size: 'small' | 'large'): Promise<string | false> {
  const isLocal = size === 'large' && !isFull;
  const goal = ['dependency:build-classpath', '-Dmdep.outputFile=target/classpath'];
  const flags = ['--quiet', '--batch-mode', '-Dstyle.color=never', ...(isLocal ? ['--offline'] : [])];
  const why = await whyMissing(['mvn', ...flags, ...goal], folder);
  if (why === false || !isLocal || why === 'mvn is not installed') return why;
  return 'its packages are large and not here yet; npm run clients fetches them';
}

async function compiled(folder: URL, shared: readonly string[]): Promise<string> {
  const libraries = librariesOf(folder);
  const classPath = ['target/classes', libraries].join(delimiter);
  const sources = [...globSync('*.java', { cwd: fileURLToPath(folder) }), ...shared];
  if (isCompiled(folder, sources)) return classPath;
  const command = [
    'javac',
    '-Xlint:all,-processing',
    '-Werror',
    '-cp',
    libraries,
    '-d',
    'target/classes',
  ] as const;
  await runProgram({ command: [...command, ...sources], folder, seconds: 600 });
  return classPath;
}

/** Whether Maven has found all libraries since they were last changed. */
function hasLibraries(folder: URL): boolean {
  if (changedAt(folder, 'target/classpath') < changedAt(folder, 'pom.xml')) return false;
  return librariesOf(folder)
    .split(delimiter)
    .every((path) => existsSync(path));
}

function librariesOf(folder: URL): string {
  return readFileSync(new URL('target/classpath', folder), 'utf8').trim();
}

/** Whether each source has its class, and all classes are newer than the sources and the libraries. */
function isCompiled(folder: URL, sources: readonly string[]): boolean {
  const classes = sources.map((name) => `target/classes/${basename(name, '.java')}.class`);
  const compiledAt = Math.min(...classes.map((name) => changedAt(folder, name)));
  return [...sources, 'target/classpath'].every((name) => changedAt(folder, name) < compiledAt);
}

/** When a file was last changed; 0 when there is none. */
function changedAt(folder: URL, name: string): number {
  return statSync(new URL(name, folder), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
