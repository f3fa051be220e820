import { cpSync, globSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onlyInFull } from './extent.ts';
import { runProgram } from './foreign-program.ts';
import { type JavaClasses, javaClasses, noClasses } from './java-classes.ts';

/**
 * A Java program that no package registry serves. Where its public sources are on this machine, a variable of
 * the environment says; they are compiled as they are, in a full run.
 */
export type GivenProgram = {
  /** With a pom.xml that names its libraries, and our sources. */
  readonly folder: URL;
  /** Of our sources, those that are compiled with it. */
  readonly ours: readonly string[];
  readonly variable: string;
  /** What has to be in the folder that the variable names. */
  readonly repository: string;
  readonly tag: string;
  /** Folders in it: of sources, and of files that are found by way of the class path. */
  readonly roots: readonly string[];
};

export async function givenClasses(program: GivenProgram): Promise<JavaClasses> {
  const { folder, variable, repository, tag } = program;
  if (onlyInFull) return noClasses(onlyInFull);
  const sources = process.env[variable];
  if (sources === undefined) {
    return noClasses(`no registry serves it: ${variable} has to name a folder with ${repository} at ${tag}`);
  }
  const libraries = await javaClasses(folder, 'large');
  let compiling: Promise<string> | undefined;
  const classPath = () => (compiling ??= compiled(program, sources, libraries.libraries()));
  return { ...libraries, classPath };
}

/** The class path, for a program that runs in whatever folder. */
async function compiled(program: GivenProgram, sources: string, libraries: string): Promise<string> {
  const { folder, ours, variable, roots } = program;
  const output = fileURLToPath(new URL(`target/${variable.toLowerCase()}`, folder));
  const theirs = roots.flatMap((root) => javaSourcesIn(join(sources, root)));
  const command = ['javac', '-nowarn', '-cp', libraries, '-d', output, ...ours, ...theirs] as const;
  await runProgram({ command, folder, seconds: 600 });
  for (const root of roots) {
    const filter = (path: string) => !path.endsWith('.java');
    cpSync(join(sources, root), output, { recursive: true, filter });
  }
  return [output, libraries].join(delimiter);
}

function javaSourcesIn(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${folder} is no folder`);
  return globSync('**/*.java', { cwd: folder }).map((name) => join(folder, name));
}
