import { StartError } from '../../env/start-error.ts';

/** Files around what a user names. */
export type CodeFiles = {
  /** The names in a folder; undefined for what is no folder. */
  readonly list: (folder: string) => Promise<readonly string[] | undefined>;
  /** Rejects with the system's error. */
  readonly read: (path: string) => Promise<string>;
};

/** What is to be run: a handler, as Lambda names it, in a folder. */
export type FoundCode = { readonly folder: string; readonly handler: string; readonly runtime: string };

/**
 * Finds the handler in a folder or a file, whose path is absolute: the one that is named, that of a
 * `serverless.yml` with one function, the `main` of a `package.json`, or what is usual. Rejects with
 * `StartError`, which says what to name, where there are several or none.
 */
export async function findCode(
  path: string,
  named: { readonly handler: string | undefined; readonly runtime: string | undefined },
  files: CodeFiles,
): Promise<FoundCode> {
  const names = await files.list(path);
  const { folder, handler } =
    names === undefined ? await inFile(path, named, files) : await inFolder(path, names, named, files);
  return { folder, handler, runtime: named.runtime ?? (await runtimeOf(folder, handler, files)) };
}

type Named = { readonly handler: string | undefined };
type Place = Pick<FoundCode, 'folder' | 'handler'>;

async function inFile(path: string, { handler }: Named, files: CodeFiles): Promise<Place> {
  const at = path.lastIndexOf('/');
  const folder = path.slice(0, at) || '/';
  const file = path.slice(at + 1);
  if (!(await files.list(folder))?.includes(file)) throw new StartError(`there is nothing at ${path}`);
  if (file === 'bootstrap') return { folder, handler: handler ?? 'bootstrap' };
  if (!codeForm.test(file)) throw new StartError(`${path} is no file of JavaScript, TypeScript or Python`);
  return { folder, handler: handler ?? (await handlerInFile(folder, file, files)) };
}

async function inFolder(
  folder: string,
  names: readonly string[],
  { handler }: Named,
  files: CodeFiles,
): Promise<Place> {
  if (handler !== undefined) return { folder, handler };
  const project = names.find((name) => /^serverless\.ya?ml$/.test(name));
  if (project !== undefined) {
    return { folder, handler: handlerInProject(await files.read(`${folder}/${project}`), project) };
  }
  const main = names.includes('package.json')
    ? mainIn(await files.read(`${folder}/package.json`))
    : undefined;
  const file = main ?? usualFiles.find((usual) => names.includes(usual));
  if (file === 'bootstrap') return { folder, handler: 'bootstrap' };
  if (file !== undefined) return { folder, handler: await handlerInFile(folder, file, files) };
  throw new StartError(
    `${folder} has none of ${usualFiles.join(', ')}, and no serverless.yml: name the handler, --handler file.export`,
  );
}

/** In the order in which they are looked for. */
const usualFiles = [
  ...['index.mjs', 'index.js', 'index.cjs', 'index.mts', 'index.ts', 'index.cts'],
  ...['lambda_function.py', 'bootstrap'],
];

const codeForm = /\.([cm]?[jt]s|py)$/;

/** The lines `handler: …` of a project. No YAML is read: what is said in another way has to be named. */
function handlerInProject(text: string, file: string): string {
  const found = [...text.matchAll(/^[ \t]+handler:[ \t]*(['"]?)([^\s'"#]+)\1[ \t]*(?:#.*)?$/gm)];
  const handlers = [...new Set(found.map(([, , handler]) => handler!))];
  if (handlers.length === 1 && !handlers[0]!.includes('$')) return handlers[0]!;
  if (handlers.length === 0 || handlers.length === 1) {
    throw new StartError(`${file} does not say plainly which handler it has: name it, --handler file.export`);
  }
  throw new StartError(`${file} has several handlers: name one, as in --handler ${handlers.join(' or ')}`);
}

function mainIn(text: string): string | undefined {
  try {
    const { main } = JSON.parse(text);
    return typeof main === 'string' ? main.replace(/^\.\//, '') : undefined;
  } catch {
    // What npm cannot read, it says itself; the usual files may still be there.
    return undefined;
  }
}

/** `index.handler`: the export that is called so, or the only one that is a function. */
async function handlerInFile(folder: string, file: string, files: CodeFiles): Promise<string> {
  const named = codeForm.test(file) ? file : `${file}.js`;
  const text = await readOrSay(`${folder}/${named}`, files);
  const stem = named.replace(codeForm, '');
  const exports = named.endsWith('.py') ? functionsOfPython(text) : exportsOf(text);
  const usual = ['handler', 'lambda_handler', 'main'].find((name) => exports.includes(name));
  if (usual !== undefined) return `${stem}.${usual}`;
  if (exports.length === 1) return `${stem}.${exports[0]}`;
  const choice =
    exports.length === 0 ? 'no export that is plainly a function' : `several exports: ${exports.join(', ')}`;
  throw new StartError(`${folder}/${named} has ${choice}; name the handler, as in --handler ${stem}.handler`);
}

async function readOrSay(path: string, files: CodeFiles): Promise<string> {
  try {
    return await files.read(path);
  } catch (error) {
    throw new StartError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** As ES modules and CommonJS say it; not those of `export *`. */
function exportsOf(text: string): string[] {
  const forms = [
    /^export\s+(?:async\s+)?function\s+(\w+)/gm,
    /^export\s+(?:const|let|var)\s+(\w+)\s*[:=]/gm,
    /^(?:module\.)?exports\.(\w+)\s*=/gm,
    /^export\s*\{\s*(?:\w+\s+as\s+)?(\w+)\s*\}/gm,
    /^module\.exports\s*=\s*\{\s*(\w+)\s*\}/gm,
  ];
  return [...new Set(forms.flatMap((form) => Array.from(text.matchAll(form), ([, name]) => name!)))];
}

function functionsOfPython(text: string): string[] {
  return Array.from(text.matchAll(/^def\s+(\w+)\s*\(/gm), ([, name]) => name!);
}

/** By the file that a handler is in. */
async function runtimeOf(folder: string, handler: string, files: CodeFiles): Promise<string> {
  if (handler === 'bootstrap') return 'provided.al2023';
  const at = handler.lastIndexOf('/');
  const within = at < 0 ? folder : `${folder}/${handler.slice(0, at)}`;
  const stem = handler.slice(at + 1).split('.')[0]!;
  const names = (await files.list(within)) ?? [];
  const file = names.find((name) => codeForm.test(name) && name.replace(codeForm, '') === stem);
  if (file === undefined)
    throw new StartError(`${within} has no file ${stem}.js, .mjs, .ts or .py for the handler ${handler}`);
  return file.endsWith('.py') ? 'python3.13' : 'nodejs24.x';
}
