import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  type IAMClient,
  PutUserPolicyCommand,
  SimulateCustomPolicyCommand,
  type SimulateCustomPolicyCommandInput,
  type SimulateCustomPolicyCommandOutput,
  SimulatePrincipalPolicyCommand,
  UpdateGroupCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { account, allowing, IamBench, refusal, rootOf, trusting } from './iam-bench.ts';

const arnOf = (resource: string) => `arn:aws:iam::${account}:${resource}`;

/** The caller is a user that may do anything to anything, but for these denials; root made all before. */
async function mallory(bench: IamBench, ...denials: readonly object[]): Promise<IAMClient> {
  const { client, identity } = bench;
  const allowed = { Effect: 'Allow', Action: '*', Resource: '*' };
  const Statement = [allowed, ...denials.map((denial) => ({ Effect: 'Deny', ...denial }))];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await client.send(new CreateUserCommand({ UserName: 'mallory' }));
  await client.send(new PutUserPolicyCommand({ UserName: 'mallory', PolicyName: 'own', PolicyDocument }));
  const { id, name } = identity.state.accounts.get(account)!.users.get('mallory')!;
  const principal = { kind: 'user', id, name } as const;
  bench.caller = { ...rootOf(account), arn: arnOf('user/mallory'), userId: id, principal };
  return client;
}

const denied = /^AccessDenied/;

test('a policy that is closed to a user is so in whichever way its ARN is written', async () => {
  const bench = await IamBench.start();
  const PolicyDocument = allowing('kinesis:List*');
  await bench.client.send(new CreatePolicyCommand({ PolicyName: 'Guard', PolicyDocument }));
  const client = await mallory(bench, { Action: 'iam:*PolicyVersion', Resource: arnOf('policy/Guard') });
  for (const partition of ['aws', 'aws-cn', 'aws-any']) {
    for (const name of ['Guard', 'guard']) {
      const PolicyArn = `arn:${partition}:iam::${account}:policy/${name}`;
      const version = { PolicyArn, PolicyDocument: allowing('*'), SetAsDefault: true };
      assert.match(await refusal(client.send(new CreatePolicyVersionCommand(version))), denied, PolicyArn);
    }
  }
});

test('a policy that may not be attached is the same in whichever way its ARN is written', async () => {
  const bench = await IamBench.start();
  const PolicyDocument = allowing('*');
  await bench.client.send(new CreatePolicyCommand({ PolicyName: 'All', PolicyDocument }));
  const closed = ['arn:aws:iam::aws:policy/AdministratorAccess', arnOf('policy/All')];
  const Condition = { ArnEquals: { 'iam:PolicyARN': closed } };
  const client = await mallory(bench, { Action: 'iam:Attach*', Resource: '*', Condition });
  const ways = [
    ...closed,
    'arn:aws-cn:iam::aws:policy/AdministratorAccess',
    'arn:awsx:iam::aws:policy/AdministratorAccess',
    `arn:aws-us-gov:iam::${account}:policy/All`,
    arnOf('policy/all'),
  ];
  for (const PolicyArn of ways) {
    const attached = client.send(new AttachUserPolicyCommand({ UserName: 'mallory', PolicyArn }));
    assert.match(await refusal(attached), denied, PolicyArn);
  }
});

test('a user or a group is renamed by whom the new name is open to as well', async () => {
  const bench = await IamBench.start();
  await bench.client.send(new CreateUserCommand({ UserName: 'bob' }));
  const closed = ['user/boss', 'user/top/*', 'group/bosses'].map(arnOf);
  const client = await mallory(bench, { Action: 'iam:Update*', Resource: closed });
  const renaming = (to: object) =>
    refusal(client.send(new UpdateUserCommand({ UserName: 'mallory', ...to })));
  assert.match(await renaming({ NewUserName: 'boss' }), denied);
  assert.match(await renaming({ NewPath: '/top/' }), denied);
  const group = { GroupName: 'crew', NewGroupName: 'bosses' };
  assert.match(await refusal(client.send(new UpdateGroupCommand(group))), denied);
  assert.equal(await renaming({ NewUserName: 'mal' }), 'fine');
});

test('whose policies are closed to a user cannot be asked for by another path', async () => {
  const bench = await IamBench.start();
  await bench.client.send(new CreateUserCommand({ UserName: 'Boss', Path: '/top/' }));
  const client = await mallory(bench, { Action: 'iam:Simulate*', Resource: arnOf('user/top/*') });
  for (const source of ['user/top/Boss', 'user/boss', 'user/x/Boss', 'user/Boss']) {
    const asked = { PolicySourceArn: arnOf(source), ActionNames: ['kinesis:PutRecord'] };
    assert.notEqual(await refusal(client.send(new SimulatePrincipalPolicyCommand(asked))), 'fine', source);
  }
});

test('a trust policy names principals that can be', async () => {
  const { client } = await IamBench.start();
  const creating = (Principal: object) =>
    refusal(
      client.send(
        new CreateRoleCommand({
          RoleName: 'some',
          AssumeRolePolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: { Effect: 'Deny', Principal, Action: 'sts:AssumeRole' },
          }),
        }),
      ),
    );
  assert.match(
    await creating({ AWS: arnOf('user/mal*') }),
    /^MalformedPolicyDocumentException: Invalid principal/,
  );
  assert.match(await creating({ AWS: 'mallory' }), /^MalformedPolicyDocumentException: Invalid principal/);
  assert.equal(await creating({ AWS: [arnOf('user/mallory'), account] }), 'fine');
});

test('who makes something with tags has to be allowed to tag', async () => {
  const bench = await IamBench.start();
  const client = await mallory(bench, { Action: 'iam:Tag*', Resource: '*' });
  const Tags = [{ Key: 'team', Value: 'admin' }];
  const AssumeRolePolicyDocument = trusting('lambda.amazonaws.com');
  const user = { UserName: 'a' };
  const role = { RoleName: 'a', AssumeRolePolicyDocument };
  const policy = { PolicyName: 'a', PolicyDocument: allowing('s3:*') };
  const making = (tags: object) => [
    client.send(new CreateUserCommand({ ...user, ...tags })),
    client.send(new CreateRoleCommand({ ...role, ...tags })),
    client.send(new CreatePolicyCommand({ ...policy, ...tags })),
  ];
  for (const made of making({ Tags })) assert.match(await refusal(made), denied);
  for (const made of making({})) assert.equal(await refusal(made), 'fine');
});

test('the simulator does no more work than a request is worth', async () => {
  const { client } = await IamBench.start();
  const asking = (request: Partial<SimulateCustomPolicyCommandInput>) =>
    client.send(
      new SimulateCustomPolicyCommand({
        PolicyInputList: [allowing('kinesis:*')],
        ActionNames: ['kinesis:PutRecord'],
        ...request,
      }),
    );
  // As objects, so many pairs are more than there is memory.
  const many = Array.from({ length: 9_000 }, () => 'a:b');
  const pairs = await refusal(asking({ ActionNames: many, ResourceArns: many }));
  assert.match(pairs, /^InvalidInput.*No more than 10000 decisions/);
  const long = allowing(`kinesis:${'*a'.repeat(60_000)}`);
  const ResourceArns = ['a'.repeat(2048)];
  const tooLong = await refusal(asking({ PolicyInputList: [long], ResourceArns }));
  assert.match(tooLong, /^InvalidInput.*too long/);
  // A variable may stand for a long text many times.
  const varied = allowing('*', `\${aws:username}`.repeat(5_000));
  const ContextKeyValues = ['a'.repeat(100_000)];
  const entry = { ContextKeyName: 'aws:username', ContextKeyType: 'string', ContextKeyValues } as const;
  assert.match(
    await refusal(asking({ PolicyInputList: [varied], ContextEntries: [entry] })),
    /^InvalidInput.*too long/,
  );
  // What is dear comes in small pages, all of it.
  const ActionNames = Array.from({ length: 40 }, (_, index) => `kinesis:Put${index}`);
  let [answers, pages, Marker]: [number, number, string | undefined] = [0, 0, undefined];
  do {
    const page: SimulateCustomPolicyCommandOutput = await asking({
      ...{ PolicyInputList: [long], ActionNames, ResourceArns: ['a'.repeat(30)] },
      ...(Marker !== undefined && { Marker }),
    });
    answers += page.EvaluationResults!.length;
    pages++;
    Marker = page.Marker;
  } while (Marker !== undefined);
  assert.equal(answers, 40);
  assert.ok(pages > 1);
});
