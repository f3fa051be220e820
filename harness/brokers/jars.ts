import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What Kafka 4.4 runs on (Kafka's documentation, "Java Version"). */
const javaMin = 17;

const project = join(import.meta.dirname, 'pom.xml');
const defaultCache = join(import.meta.dirname, '../../node_modules/.cache/brokers');

/** Real brokers cannot run here. Its message is one line, for people. */
export class NoBrokersError extends Error {
  override readonly name = 'NoBrokersError';
}

export type JavaOptions = {
  /** How long Maven may take to fetch what it does not have. */
  readonly secondsMax: number;
  readonly tell: (line: string) => void;
  /** Where to keep what Maven answered. */
  readonly cache?: string;
};

/** What starts a broker: the program, and where its classes are. */
export type Java = { readonly program: string; readonly classPath: string };

/**
 * Looks for Java, and has Maven resolve the jars of Kafka unless it has before. Rejects with
 * `NoBrokersError` when one of them is missing, or the jars do not arrive in time.
 */
export async function findJava({ secondsMax, tell, cache = defaultCache }: JavaOptions): Promise<Java> {
  const home = process.env['JAVA_HOME'];
  const program = home === undefined || home === '' ? 'java' : join(home, 'bin/java');
  await checkJava(program);
  const file = classPathFile(cache);
  const kept = keptClassPath(file);
  if (kept !== undefined) return { program, classPath: kept };
  tell('Maven resolves the jars of Kafka 4.4.0 (43 MB when it has none of them)');
  return { program, classPath: await resolve(file, secondsMax) };
}

async function checkJava(program: string): Promise<void> {
  const said = await run(program, ['-version'], 60).catch((error: unknown) => {
    if (isMissing(error))
      throw new NoBrokersError(`Java ${javaMin} is not installed: Kafka's brokers need it`);
    throw error;
  });
  // As in `openjdk version "17.0.15" 2025-04-15`.
  const version = Number(/version "(\d+)/.exec(said)?.[1]);
  if (!(version >= javaMin)) {
    throw new NoBrokersError(
      `Kafka's brokers need Java ${javaMin} or later, ${program} is ${said.split('\n')[0]}`,
    );
  }
}

/** What Maven answered the last time, as long as all of it is still there. */
function keptClassPath(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const classPath = readFileSync(file, 'utf8').trim();
  return classPath.split(delimiter).every((jar) => existsSync(jar)) ? classPath : undefined;
}

/** Named after what is resolved, so that another version of Kafka is not taken for this one. */
function classPathFile(cache: string): string {
  const digest = createHash('sha256').update(readFileSync(project)).digest('hex').slice(0, 12);
  return join(cache, `classpath-${digest}.txt`);
}

async function resolve(file: string, secondsMax: number): Promise<string> {
  mkdirSync(dirname(file), { recursive: true });
  // Renamed when it is whole: others may resolve at the same time.
  const draft = `${file}.${process.pid}`;
  try {
    const goal = ['dependency:build-classpath', '-DincludeScope=runtime', `-Dmdep.outputFile=${draft}`];
    await run('mvn', ['-q', '-B', '-f', project, ...goal], secondsMax);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new NoBrokersError(whyUnresolved(error, secondsMax));
  }
  return readFileSync(file, 'utf8').trim();
}

function whyUnresolved(error: unknown, secondsMax: number): string {
  if (isMissing(error)) return "Maven is not installed: it fetches the jars of Kafka's brokers";
  if (error instanceof Error && 'killed' in error && error.killed === true) {
    return `the jars of Kafka did not arrive within ${secondsMax} s`;
  }
  // Maven sends colours, to files as well.
  const text = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
  const line = text.split('\n').find((each) => each.includes('[ERROR]')) ?? text.split('\n')[0]!;
  return `Maven cannot resolve the jars of Kafka: ${line.slice(0, 200)}`;
}

/** All that it printed. Rejects as `execFile` does, with what it printed in the message. */
function run(program: string, words: readonly string[], secondsMax: number): Promise<string> {
  const { promise, resolve: done, reject } = Promise.withResolvers<string>();
  execFile(program, words, { timeout: secondsMax * 1000, killSignal: 'SIGKILL' }, (error, out, err) => {
    if (error === null) done(out + err);
    else reject(Object.assign(error, { message: `${out}${err}${error.message}` }));
  });
  return promise;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
