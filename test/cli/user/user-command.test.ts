import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCommandLine } from '../../../src/cli/command-line.ts';
import { userCommand } from '../../../src/cli/user/user-command.ts';
import { askedRequest } from '../asked-request.ts';

const bare = { variables: {}, readFile: () => Promise.reject(new Error('no such file')) };
const read = (line: string) => readCommandLine(line.split(' '), bare);
const nowhere = {
  endpoint: undefined,
  profile: undefined,
  data: undefined,
  rootKey: undefined,
  account: undefined,
};

const asked = (line: string) => askedRequest(line, userCommand);

test('a command about users says what is asked for, and where they are', async () => {
  assert.deepEqual(
    await asked(
      'user create ann --group a --group b --policy-arn arn:x --policy p.json --endpoint unix:/s --json',
    ),
    {
      ...{ kind: 'create', name: 'ann', groups: ['a', 'b'], policyArns: ['arn:x'], policyFile: 'p.json' },
      ...{ place: { ...nowhere, endpoint: 'unix:/s' }, json: true },
    },
  );
  assert.deepEqual(await asked('user create --root --data d --account 111111111111 --root-key env:K'), {
    kind: 'create-root',
    place: { ...nowhere, data: 'd', rootKey: 'env:K', account: '111111111111' },
    json: false,
  });
  const common = { place: nowhere, json: false };
  assert.deepEqual(await asked('user list'), { kind: 'list', asRoot: false, ...common });
  assert.deepEqual(await asked('user rotate ann --keep-old'), {
    ...{ kind: 'rotate', name: 'ann', keepsOld: true },
    ...common,
  });
  const revoke = { kind: 'revoke', name: 'ann', accessKeyId: undefined, ...common };
  assert.deepEqual(await asked('user revoke ann'), { ...revoke, how: 'delete-keys' });
  assert.deepEqual(await asked('user revoke ann --delete'), { ...revoke, how: 'delete-user' });
  assert.deepEqual(await asked('user revoke ann --key K --deactivate'), {
    ...{ ...revoke, accessKeyId: 'K', how: 'deactivate-keys' },
  });
  const changes = {
    '': { kind: 'list' },
    ' list': { kind: 'list' },
    ' --put f': { kind: 'put', file: 'f', policyName: undefined },
    ' --put f --name n': { kind: 'put', file: 'f', policyName: 'n' },
    ' --remove n': { kind: 'remove', policyName: 'n' },
    ' --attach a': { kind: 'attach', arn: 'a' },
    ' --detach a': { kind: 'detach', arn: 'a' },
  };
  for (const [options, change] of Object.entries(changes)) {
    assert.deepEqual(await asked(`user policy ann${options}`), {
      ...{ kind: 'policy', name: 'ann', change },
      ...common,
    });
  }
});

const refusals: Readonly<Record<string, RegExp>> = {
  user: /^user needs a command; see --help$/,
  'user dance': /^unknown command 'dance'$/,
  'user create': /^missing required argument 'name'$/,
  'user create ann bob': /^too many arguments for 'create'/,
  'user create ann --prot': /^unknown option '--prot'/,
  'user create --root': /^--root needs --data/,
  'user create ann --root --data d': /^--root takes no name/,
  'user list --data d --endpoint http://x': /^--data is for when no server runs/,
  'user list --account 111111111111': /^--account and --root-key need --data/,
  'user list --data d --account 1': /^--account must be twelve digits, not '1'$/,
  'user list --data d --root-key x': /^--root-key must be file:PATH, env:NAME or command:COMMAND$/,
  'user revoke ann --delete --key K': /^--delete is about the user and all of its keys/,
  'user policy ann --name n': /^--name is for the policy of --put$/,
  'user revoke': /^missing required argument 'name'$/,
  'user revoke --root': /^--root needs --data/,
  'user revoke --root --delete --data d': /^--root is about keys of the root user/,
  'user policy ann dance': /^policy takes no argument dance$/,
  'user policy ann --attach a --detach b': /^one change at a time/,
};
for (const [line, message] of Object.entries(refusals)) {
  test(`refused in one line: ${line}`, async () => {
    await assert.rejects(read(line), { name: 'StartError', message });
  });
}

test('each command about users has its help', async () => {
  for (const name of ['create', 'list', 'rotate', 'revoke', 'policy']) {
    const { show } = (await read(`user ${name} --help`)) as { show: string };
    assert.match(show, new RegExp(`^Usage: millrace user ${name} `));
    assert.match(show, /--endpoint <place>[\s\S]*--data <directory>/);
  }
});
