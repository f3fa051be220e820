import { readFileSync } from 'node:fs';

/** How `npm start` starts Node: the flags and the variables of package.json's `start` script. */
export type NodeStart = {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

/** As `npm start` and the installed command start the server. */
export const nodeStart: NodeStart = nodeStartOf(
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).scripts.start,
);

/** Takes a command line apart: variables, then Node, its flags and a program. */
export function nodeStartOf(commandLine: string): NodeStart {
  const words = commandLine.split(' ');
  const variables = words.filter((word) => /^[A-Z_]+=/.test(word)).map((word) => word.split('='));
  return { flags: words.filter((word) => word.startsWith('--')), env: Object.fromEntries(variables) };
}
