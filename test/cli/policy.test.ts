import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCommandLine } from '../../src/cli/command-line.ts';
import { policyCommand, type SimulateRequest } from '../../src/cli/policy/policy-command.ts';
import { simulate } from '../../src/cli/policy/simulate.ts';
import { MillraceProcess, temporaryDirectory } from '../server/process.ts';
import { askedRequest } from './asked-request.ts';

const orders = 'arn:aws:kinesis:us-east-1:111111111111:stream/orders';
const web = 'arn:aws:iam::111111111111:user/web';
const inside = { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
const files: Readonly<Record<string, object>> = {
  'producer.json': {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Puts', Effect: 'Allow', Action: 'kinesis:Put*', Resource: '*' },
      { Effect: 'Deny', Action: 'kinesis:PutRecords', Resource: '*', Condition: inside },
    ],
  },
  'share.json': {
    Statement: { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: '*', Resource: '*' },
  },
  'reads.json': { Statement: { Effect: 'Allow', Action: 'kinesis:Get*', Resource: '*' } },
  'odd.json': {
    Statement: { Effect: 'Deny', Action: '*', Resource: '*', Condition: { Guess: { 'aws:userid': '1' } } },
  },
  'broken.json': { Statement: { Effect: 'Allow', Action: '*' } },
};

async function told(...args: readonly string[]): Promise<readonly [exitCode: number, ...lines: string[]]> {
  const { text, exitCode } = await simulate(await requestOf(args), { readFile, now: 0 });
  return [exitCode, ...text.trimEnd().split('\n')];
}

function requestOf(args: readonly string[]): Promise<SimulateRequest> {
  return askedRequest(['policy', 'simulate', ...args], policyCommand);
}

async function readFile(path: string): Promise<string> {
  const found = files[path];
  if (found === undefined) throw new Error('no such file');
  return JSON.stringify(found);
}

const asked = ['--resource', orders, '--principal', web];

test('a line for each action and resource says what decided', async () => {
  const actions = ['--action', 'kinesis:PutRecord', 'kinesis:PutRecords', 'kinesis:GetRecords'];
  const policy = ['--policy', 'producer.json'];
  assert.deepEqual(await told(...policy, ...asked, ...actions), [
    1,
    `allowed  kinesis:PutRecord on ${orders} by statement 0 (Puts) of producer.json`,
    `allowed  kinesis:PutRecords on ${orders} by statement 0 (Puts) of producer.json`,
    '         without a value for aws:sourceip',
    `denied   kinesis:GetRecords on ${orders} because no identity-based policy allows the kinesis:GetRecords action`,
  ]);
  const away = ['--context', 'aws:SourceIp=192.0.2.7', '--action', 'kinesis:PutRecords'];
  assert.deepEqual(await told(...policy, ...asked, ...away), [
    1,
    `denied   kinesis:PutRecords on ${orders} with an explicit deny in an identity-based policy: ` +
      'statement 1 of producer.json',
  ]);
  assert.deepEqual((await told(...policy, ...asked, '--action', 'kinesis:PutRecord'))[0], 0);
});

test('resource policies, boundaries and session policies count', async () => {
  const put = ['--action', 'kinesis:PutRecord', '--resource', orders];
  const policy = ['--policy', 'producer.json'];
  const other = ['--principal', 'arn:aws:sts::222222222222:assumed-role/r/s'];
  const [, alone] = await told(...policy, ...other, ...put);
  assert.match(alone!, /^denied .* because no resource-based policy allows the kinesis:PutRecord action$/);
  const shared = ['--resource-policy', 'share.json'];
  assert.equal((await told(...policy, ...other, ...put, ...shared))[0], 0);
  const bounds = { '--boundary': 'permissions boundary', '--session-policy': 'session policy' };
  for (const [flag, name] of Object.entries(bounds)) {
    const [code, line] = await told(...policy, ...put, flag, 'reads.json');
    assert.deepEqual(
      [code, line!.endsWith(`because no ${name} allows the kinesis:PutRecord action`)],
      [1, true],
    );
  }
});

test('what is not known is named, as text and as JSON', async () => {
  const args = ['--policy', 'producer.json', 'odd.json', '--action', 'kinesis:PutRecord', ...asked];
  const [, , unknown] = await told(...args);
  const sentence = 'a Deny with it denies, an Allow with it does not allow';
  assert.equal(unknown, `unknown  condition operator Guess in odd.json: ${sentence}`);
  const { text } = await simulate({ ...(await requestOf(args)), json: true }, { readFile, now: 0 });
  const { decisions, unknown: listed } = JSON.parse(text) as { decisions: object[]; unknown: object[] };
  assert.deepEqual(listed, [{ source: 'odd.json', kind: 'condition operator', name: 'Guess' }]);
  assert.deepEqual(decisions, [
    {
      action: 'kinesis:PutRecord',
      resource: orders,
      type: 'identity',
      decision: 'explicitDeny',
      reason: 'with an explicit deny in an identity-based policy',
      statement: { source: 'odd.json', index: 0 },
      missingKeys: [],
    },
  ]);
});

const refused: readonly [readonly string[], RegExp][] = [
  [['--policy', 'broken.json'], /^broken\.json is not a policy: a Statement has no Resource$/],
  [['--policy', 'gone.json'], /^cannot read the policy in gone\.json: no such file$/],
  [['--principal', 'alice'], /^--principal must be the ARN of a user, a role or a session, not 'alice'$/],
  [['--action', 'PutRecord'], /^--action must be one call, such as kinesis:PutRecord, not 'PutRecord'$/],
  [['--action', 'kinesis:*'], /^--action must be one call/],
  [['--resource', 'orders'], /^--resource must be an ARN or \*, not 'orders'$/],
  [['--context', 'aws:SourceIp'], /^--context must be a key and a value, key=value, not 'aws:SourceIp'$/],
];

for (const [args, message] of refused) {
  test(`bad input is refused in one line: ${args.join(' ')}`, async () => {
    await assert.rejects(told(...args, '--action', 'kinesis:PutRecord'), { name: 'StartError', message });
  });
}

test('without an action, and with another word, there is nothing to simulate', async () => {
  await assert.rejects(requestOf([]), /--action is missing/);
  const other = readCommandLine(['policy', 'dance'], { variables: {}, readFile });
  await assert.rejects(other, /Allowed choices are simulate/);
});

test('the command prints, and its exit code tells', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'reads.json');
  writeFileSync(path, JSON.stringify(files['reads.json']));
  const run = (...args: readonly string[]) =>
    MillraceProcess.run(['policy', 'simulate', '--policy', path, ...args]);
  const [allowed, denied, wrong] = await Promise.all([
    run('--action', 'kinesis:GetRecords'),
    run('--action', 'kinesis:PutRecord'),
    run('--action', 'kinesis:GetRecords', '--boundary', join(directory.path, 'gone.json')),
  ]);
  assert.deepEqual([allowed.code, denied.code, wrong.code], [0, 1, 2]);
  assert.match(allowed.stdout, /^allowed {2}kinesis:GetRecords on \* by statement 0 of /);
  assert.match(wrong.stderr, /^millrace: cannot read the policy in /);
});
