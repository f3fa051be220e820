import assert from 'node:assert/strict';
import { test } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import { readCommandLine } from '../../src/cli/command-line.ts';
import { defaultOptions } from '../../src/server/options.ts';
import { settings, variableOf } from '../../src/server/settings.ts';

const bare = { variables: {}, readFile: () => Promise.reject(new Error('no such file')) };

test('the command alone serves, and so does the command with serve', async () => {
  assert.deepEqual(await readCommandLine([], bare), { serve: defaultOptions });
  assert.deepEqual(await readCommandLine(['serve', '--port', '0', '--memory'], bare), {
    serve: { ...defaultOptions, port: 0, memory: true },
  });
  assert.deepEqual(await readCommandLine(['--log-level=warn', '--transition-delay', '5'], bare), {
    serve: { ...defaultOptions, logLevel: 'warn', transitionDelay: 5 },
  });
});

test('the help names every flag with its default, the variables and an example', async () => {
  const { show } = (await readCommandLine(['--help'], bare)) as { show: string };
  for (const [name, { flag }] of Object.entries(settings)) {
    const standard = defaultOptions[name as keyof typeof defaultOptions];
    const line = show.split('\n').find((text) => text.trim().startsWith(`--${flag}`));
    assert.ok(line, flag);
    if (standard) assert.ok(line.includes(`(default: ${standard})`), line);
  }
  assert.ok(show.includes(variableOf('log-level')));
  assert.ok(show.includes('$ millrace'));
});

test('help is shown by every name that people try, and names all commands', async () => {
  const help = await readCommandLine(['--help'], bare);
  const tries = [['-h'], ['help'], ['help', 'serve'], ['help', 'help'], ['serve', '--help'], ['serve', '-h']];
  for (const args of tries) assert.deepEqual(await readCommandLine(args, bare), help, args.join(' '));
  const { show } = help as { show: string };
  for (const command of ['serve', 'user', 'copy', 'verify', 'repair', 'policy', 'help'])
    assert.ok(show.includes(`  millrace ${command} `));
});

test('a command’s own help is shown by every name, too', async () => {
  for (const command of ['user', 'copy', 'verify', 'repair', 'policy']) {
    const help = await readCommandLine([command, '--help'], bare);
    assert.match((help as { show: string }).show, new RegExp(`^Usage: millrace ${command} `));
    assert.deepEqual(await readCommandLine([command, '-h'], bare), help);
    assert.deepEqual(await readCommandLine(['help', command], bare), help);
  }
});

test('the version is the package’s', async () => {
  for (const flag of ['--version', '-v']) {
    assert.deepEqual(await readCommandLine([flag], bare), { show: `${manifest.version}\n` });
  }
});

const refusals: [string[], RegExp][] = [
  [['--prot', '1'], /^unknown option '--prot' \(Did you mean --port\?\)$/],
  [
    ['dance'],
    /^there is no command 'dance'; there are serve, streams, stream, put, consumers, top, tail, query, replay, cost, key, doctor, user, copy, function, mapping, delivery, deliver, verify, repair, restore, policy, completions, help$/,
  ],
  [
    ['serv'],
    /^there is no command 'serv' \(did you mean serve\?\); there are serve, streams, stream, put, consumers, top, tail, query, replay, cost, key, doctor, user, copy, function, mapping, delivery, deliver, verify, repair, restore, policy, completions, help$/,
  ],
  [['verfy', 'dir'], /^there is no command 'verfy' \(did you mean verify\?\); /],
  [['--memory', 'serv'], /^there is no command 'serv' \(did you mean serve\?\); /],
  [['--memory', 'verify', 'dir'], /^verify comes first, as in: millrace verify --help$/],
  [['help', 'repiar'], /^there is no command 'repiar' \(did you mean repair\?\); /],
  [['help', 'verify', 'dir'], /^help explains one command at a time, not also dir$/],
  [['serve', 'twice'], /^too many arguments: twice$/],
  [['serve', 'serve'], /^too many arguments: serve$/],
  [['verify'], /^missing required argument 'directory'$/],
  [['verify', 'dir', '--jsn'], /^unknown option '--jsn' \(Did you mean --json\?\)$/],
  [['--memory=false'], /^unknown option '--memory=false'$/],
  [['--port'], /^option '--port <number>' argument missing$/],
  [['--port', 'abc'], /^--port must be a number from 0 to 65535, or none, not 'abc'$/],
];
for (const [args, message] of refusals) {
  test(`refused in one line: ${args.join(' ')}`, async () => {
    await assert.rejects(readCommandLine(args, bare), { name: 'StartError', message });
  });
}
