import type { KnownPrograms } from '../../../env/processes.ts';

/** What runs the code of a runtime. */
export type RuntimeKind = 'node' | 'python' | 'provided';

/**
 * What runs a function of this runtime; undefined for one that cannot be run here (Java, .NET, Ruby): such a
 * function can be made and looked at, and each call of it is answered with `Runtime.InvalidRuntime`.
 */
export function runtimeKindOf(runtime: string): RuntimeKind | undefined {
  return runtimeForms.find(([form]) => form.test(runtime))?.[1];
}

const runtimeForms: readonly (readonly [RegExp, RuntimeKind])[] = [
  [/^nodejs\d+\.x$/, 'node'],
  [/^python3\.\d+$/, 'python'],
  [/^provided(\.al2|\.al2023)?$|^go1\.x$/, 'provided'],
];

export type RuntimeCommand = { readonly command: string; readonly args: readonly string[] };

/** What to start, in the folder of the code. `bootstrap` is the path of our own program for Node. */
export function commandOf(
  kind: RuntimeKind,
  how: { folder: string; handler: string; bootstrap: string; memoryMiB: number; known: KnownPrograms },
): RuntimeCommand {
  switch (kind) {
    case 'node': {
      const heap = `--max-old-space-size=${Math.floor(how.memoryMiB * heapShare)}`;
      return { command: how.known.node, args: [heap, how.bootstrap] };
    }
    case 'python':
      return { command: how.known.python, args: ['-m', 'awslambdaric', how.handler] };
    case 'provided':
      return { command: `${how.folder}/bootstrap`, args: [] };
  }
}

/** The rest is for what is outside of the heap of JavaScript. */
const heapShare = 0.9;

/** What a process wrote that had no runtime client of Python. */
export const pythonClientMissing = /No module named '?awslambdaric/;

/** What helps when a runtime's program is not there; empty where that goes without saying. */
export function adviceFor(kind: RuntimeKind): string {
  return kind === 'python' ? pythonClientAdvice : '';
}

const pythonClientAdvice =
  "Python functions run with AWS's runtime client: install it with `python3 -m pip install awslambdaric`, " +
  'or name a Python that has it in MILLRACE_PYTHON';
