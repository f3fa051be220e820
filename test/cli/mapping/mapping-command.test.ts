import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCommandLine } from '../../../src/cli/command-line.ts';
import { mappingCommand } from '../../../src/cli/mapping/mapping-command.ts';
import { askedRequest } from '../asked-request.ts';

const bare = { variables: {}, readFile: () => Promise.reject(new Error('no such file')) };

const asked = (line: string) => askedRequest(line, mappingCommand);

test('a command about mappings says what is asked for, and of which', async () => {
  const plain = { endpoint: undefined, profile: undefined, json: undefined };
  assert.deepEqual(await asked('mapping list --endpoint unix:/s --profile me --json'), {
    ...{ kind: 'list', endpoint: 'unix:/s', profile: 'me', json: true },
  });
  assert.deepEqual(await asked('mapping show resize'), { kind: 'show', mapping: 'resize', ...plain });
  assert.deepEqual(await asked('mapping failures resize'), { kind: 'failures', mapping: 'resize', ...plain });
  assert.deepEqual(await asked('mapping failures resize 3'), {
    ...{ kind: 'failure', mapping: 'resize', number: 3 },
    ...plain,
  });
  assert.deepEqual(await asked('mapping redrive resize'), {
    ...{ kind: 'redrive', mapping: 'resize', numbers: [] },
    ...plain,
  });
  assert.deepEqual(await asked('mapping redrive resize 3 4'), {
    ...{ kind: 'redrive', mapping: 'resize', numbers: [3, 4] },
    ...plain,
  });
  assert.deepEqual(await asked('mapping enable resize'), { kind: 'enable', mapping: 'resize', ...plain });
  assert.deepEqual(await asked('mapping disable resize'), { kind: 'disable', mapping: 'resize', ...plain });
});

const refusals: Readonly<Record<string, RegExp>> = {
  mapping: /^mapping needs a command; see --help$/,
  'mapping show': /^missing required argument 'mapping'$/,
  'mapping failures resize x': /^'x' is no number of a failure$/,
  'mapping redrive resize 1 -2': /^'-2' is no number of a failure$/,
  'mapping forget resize': /^unknown command 'forget'$/,
};

for (const [line, message] of Object.entries(refusals)) {
  test(`millrace ${line} is refused in one line`, async () => {
    await assert.rejects(asked(line), { name: 'StartError', message });
  });
}

test('the help of mapping shows its commands', async () => {
  const help = await readCommandLine(['help', 'mapping'], bare);
  assert.ok('show' in help);
  for (const word of ['list', 'show', 'failures', 'redrive', 'enable', 'disable']) {
    assert.match(help.show, new RegExp(`^  ${word} `, 'm'));
  }
});
