import assert from 'node:assert/strict';
import { test } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import { readCommandLine } from '../../src/server/command-line.ts';
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

test('the version is the package’s', async () => {
  assert.deepEqual(await readCommandLine(['--version'], bare), { show: `${manifest.version}\n` });
});

const refusals: [string[], RegExp][] = [
  [['--prot', '1'], /^unknown option '--prot' \(Did you mean --port\?\)$/],
  [['dance'], /^command-argument value 'dance' is invalid.*Allowed choices are serve\.$/],
  [['serve', 'twice'], /^too many arguments/],
  [['--port'], /^option '--port <number>' argument missing$/],
  [['--port', 'abc'], /^--port must be a number from 0 to 65535, not 'abc'$/],
];
for (const [args, message] of refusals) {
  test(`refused in one line: ${args.join(' ')}`, async () => {
    await assert.rejects(readCommandLine(args, bare), { name: 'StartError', message });
  });
}
