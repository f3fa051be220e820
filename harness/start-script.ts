import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How `npm start` starts Node: the flags and the variables of package.json's `start` script. */
export type NodeStart = {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

const root = dirname(import.meta.dirname);
const script: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts.start;

/** As `npm start` and the installed command start the server. */
export const nodeStart: NodeStart = nodeStartOf(script);

/** The program that `npm start` runs, absolute. */
export const startedProgram: string = join(root, script.split(' ').at(-1)!);

/** Takes a command line apart: variables, then Node, its flags and a program. */
export function nodeStartOf(commandLine: string): NodeStart {
  const words = commandLine.split(' ');
  const variables = words.filter((word) => /^[A-Z_]+=/.test(word)).map((word) => word.split('='));
  return { flags: words.filter((word) => word.startsWith('--')), env: Object.fromEntries(variables) };
}
