import type { Command } from 'commander';
import { commandNames, describeProgram } from '../command-line.ts';
import { otherCommand } from '../other-command.ts';

/** What may come after some words of a command line: `['stream', 'split']` has its options. */
export type CompletionWords = {
  readonly after: readonly string[];
  readonly words: readonly { readonly word: string; readonly about: string }[];
};

/** All of the command: first what comes after its name alone. */
export async function completionWords(): Promise<CompletionWords[]> {
  const all: CompletionWords[] = [];
  const commands: { word: string; about: string }[] = [];
  for (const name of commandNames) {
    const command =
      (await otherCommand(name, () => {})) ?? (name === 'serve' ? describeProgram() : undefined);
    commands.push({ word: name, about: command?.description() ?? 'show help' });
    if (command !== undefined) collect([name], command, all);
  }
  return [{ after: [], words: [...commands, ...optionsOf(describeProgram())] }, ...all];
}

function collect(after: readonly string[], command: Command, all: CompletionWords[]): void {
  const commands = command.commands.map((one) => ({ word: one.name(), about: one.description() }));
  const choices = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((word) => ({ word, about: description })),
  );
  all.push({ after, words: [...commands, ...choices, ...optionsOf(command)] });
  for (const one of command.commands) collect([...after, one.name()], one, all);
}

function optionsOf(command: Command) {
  const options = command.options.filter(({ hidden, long }) => !hidden && long !== undefined);
  const said = options.map(({ long, description }) => ({ word: long!, about: description }));
  return [...said, { word: '--help', about: 'show help' }];
}
