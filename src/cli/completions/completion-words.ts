import type { Command } from 'commander';
import { describeProgram } from '../command-line.ts';
import { commandEntries } from '../commands.ts';

/** What may come after some words of a command line: `['stream', 'split']` has its options. */
export type CompletionWords = {
  readonly after: readonly string[];
  readonly words: readonly { readonly word: string; readonly about: string }[];
};

/** All of the command: first what comes after its name alone. */
export async function completionWords(): Promise<CompletionWords[]> {
  const all: CompletionWords[] = [];
  const server = describeProgram();
  const commands = [{ word: 'serve', about: server.description() }];
  collect(['serve'], server, all);
  for (const { name, about, load } of commandEntries) {
    commands.push({ word: name, about });
    collect(
      [name],
      (await load())(() => {}),
      all,
    );
  }
  commands.push({ word: 'help', about: 'show help' });
  return [{ after: [], words: [...commands, ...optionsOf(server)] }, ...all];
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
