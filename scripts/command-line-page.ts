// Writes the help of every command into docs/command-line.md: `npm run docs`.
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describeProgram } from '../src/cli/command-line.ts';
import { commandEntries } from '../src/cli/commands.ts';
import { withLowerPart } from './lower-part.ts';

export const commandLinePath = 'docs/command-line.md';

/** The page as the commands are now. */
export async function commandLinePage(): Promise<string> {
  const parts = [section('millrace', describeProgram())];
  for (const { name, load } of commandEntries) {
    parts.push(
      ...sections(
        `millrace ${name}`,
        (await load())(() => {}),
      ),
    );
  }
  return withLowerPart(commandLinePath, `## Help of every command\n\n${parts.join('\n')}`);
}

/** A command and those below it. */
function sections(name: string, command: Command): string[] {
  return [
    section(name, command),
    ...command.commands.flatMap((below) => sections(`${name} ${below.name()}`, below)),
  ];
}

function section(name: string, command: Command): string {
  let help = '';
  const write = (text: string) => (help += text);
  // As wide as the page, whatever the terminal is that this runs in.
  command.configureOutput({ writeOut: write, getOutHelpWidth: () => 120 }).outputHelp();
  return `### ${name}\n\n\`\`\`\n${help.trim()}\n\`\`\`\n`;
}

if (import.meta.main) writeFileSync(commandLinePath, await commandLinePage());
