import { Argument, Command } from 'commander';
import type { Run } from '../command-world.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The command `completions`. */
export function completionsCommand(asked: (run: Run) => void): Command {
  return new Command('millrace completions')
    .description('A script that has a shell complete commands and options.')
    .addArgument(new Argument('<shell>').choices(shells))
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((shell: Shell) =>
      asked(async ({ out }) => {
        const { completionWords } = await import('./completion-words.ts');
        const { completionScript } = await import('./completion-script.ts');
        await out.write(completionScript(shell, await completionWords()));
        return 0;
      }),
    );
}

const helpText = `
Examples:
  $ millrace completions bash > /etc/bash_completion.d/millrace
  $ millrace completions zsh > "\${fpath[1]}/_millrace"
  $ millrace completions fish > ~/.config/fish/completions/millrace.fish
`;
