import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import type { Caller } from '../../../src/access/caller.ts';
import { identityOf } from '../../../src/access/identity/lookup.ts';
import { account, allowing, IamBench, refusal, rootOf, trusting } from './iam-bench.ts';

const PolicyName = 'own';
const arnOf = (name: string) => `arn:aws:iam::${account}:user/${name}`;

/** A user with a policy of these statements, as a caller. */
async function userWith(bench: IamBench, UserName: string, Statement: readonly object[]): Promise<Caller> {
  await bench.client.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await bench.client.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
  return callerOf(bench, UserName);
}

function callerOf({ identity }: IamBench, name: string): Caller {
  const { id } = identity.state.accounts.get(account)!.users.get(name)!;
  return {
    ...rootOf(account),
    arn: arnOf(name),
    userId: id,
    principal: { kind: 'user', id, name },
  };
}

const allow = (Action: string | readonly string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  Condition,
});

test('a user who may manage itself manages no one else', async () => {
  const bench = await IamBench.start();
  const { client } = bench;
  const Resource = `arn:aws:iam::${account}:user/\${aws:username}`;
  const ann = await userWith(bench, 'ann', [{ Effect: 'Allow', Action: 'iam:*AccessKey*', Resource }]);
  await client.send(new CreateUserCommand({ UserName: 'bob' }));
  bench.caller = ann;
  assert.equal(await refusal(client.send(new CreateAccessKeyCommand({}))), 'fine');
  assert.equal(
    await refusal(client.send(new CreateAccessKeyCommand({ UserName: 'bob' }))),
    `AccessDenied: User: ${arnOf('ann')} is not authorized to perform: iam:CreateAccessKey on resource: ` +
      `${arnOf('bob')} because no identity-based policy allows the iam:CreateAccessKey action`,
  );
  assert.match(await refusal(client.send(new ListUsersCommand({}))), /^AccessDenied/);
});

test('who may attach some policies may attach no others', async () => {
  const bench = await IamBench.start();
  const { client } = bench;
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess';
  const only = { ArnEquals: { 'iam:PolicyARN': PolicyArn } };
  const admin = await userWith(bench, 'admin', [allow('iam:AttachUserPolicy', only)]);
  await client.send(new CreateUserCommand({ UserName: 'bob' }));
  bench.caller = admin;
  const attaching = (arn: string) =>
    refusal(client.send(new AttachUserPolicyCommand({ UserName: 'bob', PolicyArn: arn })));
  assert.equal(await attaching(PolicyArn), 'fine');
  assert.match(await attaching('arn:aws:iam::aws:policy/AdministratorAccess'), /^AccessDenied/);
});

test('who may make users with a boundary makes none without, and gives policies to no others', async () => {
  const bench = await IamBench.start();
  const { client } = bench;
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/AmazonKinesisFullAccess';
  const bound = { StringEquals: { 'iam:PermissionsBoundary': PermissionsBoundary } };
  const admin = await userWith(bench, 'admin', [allow(['iam:CreateUser', 'iam:PutUserPolicy'], bound)]);
  await client.send(new CreateUserCommand({ UserName: 'free' }));
  bench.caller = admin;
  const making = (UserName: string, boundary?: string) =>
    refusal(client.send(new CreateUserCommand({ UserName, PermissionsBoundary: boundary })));
  assert.match(await making('bob'), /^AccessDenied/);
  assert.match(await making('bob', 'arn:aws:iam::aws:policy/AdministratorAccess'), /^AccessDenied/);
  assert.equal(await making('bob', PermissionsBoundary), 'fine');
  const giving = (UserName: string) =>
    refusal(client.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument: allowing('*') })));
  assert.equal(await giving('bob'), 'fine');
  assert.match(await giving('free'), /^AccessDenied/);
});

test('policies see the tags of a request and of what it is about', async () => {
  const bench = await IamBench.start();
  const { client } = bench;
  const lead = await userWith(bench, 'lead', [
    allow('iam:TagUser', { StringEquals: { 'aws:RequestTag/team': 'shop' } }),
    allow('iam:GetRole', { StringEquals: { 'aws:ResourceTag/Team': 'shop' } }),
  ]);
  for (const team of ['shop', 'till']) {
    await client.send(
      new CreateRoleCommand({
        RoleName: team,
        AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'),
        Tags: [{ Key: 'team', Value: team }],
      }),
    );
  }
  bench.caller = lead;
  const tagging = (Value: string) =>
    refusal(client.send(new TagUserCommand({ UserName: 'lead', Tags: [{ Key: 'Team', Value }] })));
  assert.equal(await tagging('shop'), 'fine');
  assert.match(await tagging('till'), /^AccessDenied/);
  const reading = (RoleName: string) => refusal(client.send(new GetRoleCommand({ RoleName })));
  assert.equal(await reading('shop'), 'fine');
  assert.match(await reading('till'), /^AccessDenied/);
});

test('no other spelling of a name, and no other region, gets around a denial', async () => {
  const bench = await IamBench.start();
  const { client } = bench;
  const PolicyDocument = allowing('kinesis:*');
  const made = await client.send(new CreatePolicyCommand({ PolicyName: 'Guard', PolicyDocument }));
  const guard = made.Policy?.Arn ?? '';
  const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const mallory = await userWith(bench, 'mallory', [
    allow('iam:*'),
    { Effect: 'Deny', Action: '*', Resource: [guard, arnOf('Chief')] },
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { ArnEquals: { 'iam:PolicyARN': [guard, admin] } },
    },
  ]);
  await client.send(new CreateUserCommand({ UserName: 'Chief' }));
  const inChina = (arn: string) => arn.replace('arn:aws:', 'arn:aws-cn:');
  for (const region of ['us-east-1', 'cn-north-1']) {
    bench.caller = { ...mallory, region, arn: region === 'cn-north-1' ? inChina(mallory.arn) : mallory.arn };
    const calls = [
      ...[guard, guard.replace('Guard', 'guARD'), inChina(guard)].flatMap((PolicyArn) => [
        client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true })),
        client.send(new AttachUserPolicyCommand({ UserName: 'mallory', PolicyArn })),
      ]),
      client.send(new AttachUserPolicyCommand({ UserName: 'mallory', PolicyArn: inChina(admin) })),
      client.send(new CreateAccessKeyCommand({ UserName: 'Chief' })),
      client.send(new CreateAccessKeyCommand({ UserName: 'chief' })),
    ];
    for (const call of calls) assert.match(await refusal(call), /^AccessDenied: .* with an explicit deny/);
  }
});

test('a user that is made again under its name is another one', async () => {
  const bench = await IamBench.start();
  const { client } = bench;
  const UserName = 'ann';
  const before = await userWith(bench, UserName, [allow('iam:GetUser')]);
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName }));
  await client.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId }));
  await client.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
  await client.send(new DeleteUserCommand({ UserName }));
  const again = await userWith(bench, UserName, [allow('iam:GetUser')]);
  assert.equal(identityOf(bench.identity.state, again)?.name, UserName);
  assert.equal(identityOf(bench.identity.state, before), undefined);
  bench.caller = again;
  assert.equal(await refusal(client.send(new GetUserCommand({ UserName }))), 'fine');
  bench.caller = before;
  assert.match(await refusal(client.send(new GetUserCommand({ UserName }))), /^AccessDenied/);
});

test('everybody who may read policies may read those of AWS', async () => {
  const bench = await IamBench.start();
  const reader = await userWith(bench, 'reader', [allow('iam:Get*')]);
  bench.caller = reader;
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonKinesisFullAccess';
  const { Policy } = await bench.client.send(new GetPolicyCommand({ PolicyArn }));
  assert.equal(Policy?.Arn, PolicyArn);
});

test('the simulator tells what decides, and which keys it missed', async () => {
  const { client } = await IamBench.start();
  const told = await client.send(
    new SimulateCustomPolicyCommand({
      PolicyInputList: [
        JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            allow('kinesis:Get*', { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }),
            { Effect: 'Deny', Action: 'kinesis:DeleteStream', Resource: '*' },
          ],
        }),
      ],
      ActionNames: ['kinesis:GetRecords', 'kinesis:DeleteStream', 'kinesis:PutRecord'],
      ResourceArns: [`arn:aws:kinesis:us-east-1:${account}:stream/orders`],
      ContextEntries: [
        { ContextKeyName: 'aws:SourceIp', ContextKeyValues: ['192.0.2.7'], ContextKeyType: 'ip' },
      ],
    }),
  );
  assert.deepEqual(
    told.EvaluationResults?.map(({ EvalActionName, EvalDecision, MatchedStatements }) => [
      EvalActionName,
      EvalDecision,
      MatchedStatements?.map(({ SourcePolicyId }) => SourcePolicyId),
    ]),
    [
      ['kinesis:GetRecords', 'allowed', ['PolicyInputList.1']],
      ['kinesis:DeleteStream', 'explicitDeny', ['PolicyInputList.1']],
      ['kinesis:PutRecord', 'implicitDeny', []],
    ],
  );
});

test('the simulator knows the policies and the boundary of a user', async () => {
  const bench = await IamBench.start();
  const { client } = bench;
  await userWith(bench, 'ann', [allow('kinesis:*'), allow('kms:*')]);
  const bounding = new CreateUserCommand({
    UserName: 'bound',
    PermissionsBoundary: 'arn:aws:iam::aws:policy/AmazonKinesisFullAccess',
  });
  await client.send(bounding);
  const inline = { UserName: 'bound', PolicyName, PolicyDocument: allowing('*') };
  await client.send(new PutUserPolicyCommand(inline));
  const simulating = async (name: string) => {
    const { EvaluationResults } = await client.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: arnOf(name),
        ActionNames: ['kinesis:PutRecord', 'kms:Decrypt', 'iam:GetUser'],
      }),
    );
    return EvaluationResults?.map(({ EvalDecision }) => EvalDecision);
  };
  assert.deepEqual(await simulating('ann'), ['allowed', 'allowed', 'implicitDeny']);
  assert.deepEqual(await simulating('bound'), ['allowed', 'implicitDeny', 'implicitDeny']);
  assert.match(await refusal(simulating('nobody')), /^NoSuchEntity.*user with name nobody cannot be found/);
});
