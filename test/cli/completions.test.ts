import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { runCommand } from './command-under-test.ts';

const script = async (shell: string) => (await runCommand(['completions', shell])).out;

test('bash completes commands, their commands, and options', async (context) => {
  if (spawnSync('bash', ['--version']).status !== 0) return context.skip('there is no bash here');
  const text = await script('bash');
  const complete = (...words: readonly string[]): string[] => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const program = `${text}\nCOMP_WORDS=(${line})\nCOMP_CWORD=${words.length - 1}\n_millrace\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', program], { encoding: 'utf8' });
    assert.equal(stderr, '');
    return stdout.trim().split('\n');
  };
  assert.deepEqual(complete('millrace', 'str'), ['streams', 'stream']);
  assert.deepEqual(complete('millrace', 'stream', 'sp'), ['split']);
  assert.deepEqual(complete('millrace', 'user', 'ro'), ['rotate']);
  assert.deepEqual(complete('millrace', 'stream', 'split', 'orders', '--a'), ['--at']);
  assert.deepEqual(complete('millrace', '--mem'), ['--memory']);
  assert.deepEqual(complete('millrace', 'completions', 'z'), ['zsh']);
});

test('zsh and fish get every command with what it is about', async () => {
  const zsh = await script('zsh');
  assert.match(zsh, /^#compdef millrace\n/);
  assert.match(zsh, /'doctor:look at machine/);
  const fish = await script('fish');
  assert.match(fish, /-n '__fish_use_subcommand' -f -a doctor -d 'look at/);
  assert.match(
    fish,
    /-n '__fish_seen_subcommand_from stream; and __fish_seen_subcommand_from split' -l at -d /,
  );
});
