import type { CompletionWords } from './completion-words.ts';
import type { Shell } from './completions-command.ts';

/** The script that a shell reads. Words are letters, digits and dashes; what they are about is quoted. */
export function completionScript(shell: Shell, all: readonly CompletionWords[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(all);
    case 'zsh':
      return zshScript(all);
    case 'fish':
      return fishScript(all);
  }
}

/** Looks for the longest beginning of the line that it knows; where there is no word, files are completed. */
function bashScript(all: readonly CompletionWords[]): string {
  const cases = all.map(({ after, words }) => `    '${after.join(' ')}') words='${listed(words)}' ;;`);
  return `# Completions of millrace for bash.
_millrace() {
  local current=\${COMP_WORDS[COMP_CWORD]} before='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] || before="\${before:+$before }$word"
  done
  while :; do
    case $before in
${cases.map((line) => `  ${line}`).join('\n')}
    esac
    [[ -n $words || -z $before ]] && break
    [[ $before == *' '* ]] && before=\${before% *} || before=''
  done
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _millrace millrace
`;
}

function listed(words: CompletionWords['words']): string {
  return words.map(({ word }) => word).join(' ');
}

function zshScript(all: readonly CompletionWords[]): string {
  const cases = all.map(({ after, words }) => {
    const described = words.map(({ word, about }) => `'${word.replaceAll(':', '\\:')}:${quoted(about)}'`);
    return `    '${after.join(' ')}') described=(${described.join(' ')}) ;;`;
  });
  return `#compdef millrace
# Completions of millrace for zsh.
_millrace() {
  local -a described
  local before=\${(j: :)\${\${(@)words[2,CURRENT-1]}:#-*}}
  while :; do
    case $before in
${cases.map((line) => `  ${line}`).join('\n')}
    esac
    (( \${#described} )) || [[ -z $before ]] && break
    [[ $before == *' '* ]] && before=\${before% *} || before=''
  done
  _describe -t commands millrace described || _files
}
_millrace "$@"
`;
}

function fishScript(all: readonly CompletionWords[]): string {
  const lines = all.flatMap(({ after, words }) => {
    const condition = conditionOf(after, words);
    return words.map(({ word, about }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c millrace -n '${condition}' ${what} -d '${quoted(about)}'`;
    });
  });
  return `# Completions of millrace for fish.\n${lines.join('\n')}\n`;
}

/** In fish a condition is a command: the words before are there, and none of those that could follow. */
function conditionOf(after: readonly string[], words: CompletionWords['words']): string {
  if (after.length === 0) return '__fish_use_subcommand';
  const seen = after.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
  const next = words.filter(({ word }) => !word.startsWith('--')).map(({ word }) => word);
  return next.length === 0 ? seen : `${seen}; and not __fish_seen_subcommand_from ${next.join(' ')}`;
}

/** In single quotes, on one line, not longer than a terminal shows. */
function quoted(text: string): string {
  return text
    .replaceAll(/[\s]+/g, ' ')
    .replaceAll(/['\\:]/g, '')
    .slice(0, 80);
}
