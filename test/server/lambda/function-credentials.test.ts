import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DescribeStreamSummaryCommand, KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { trustsService } from '../../../src/access/policy/service-trust.ts';
import { ownUrlOf } from '../../../src/server/lambda/own-url.ts';
import { startTestServer } from '../../../src/server/testing.ts';
import { temporaryDirectory } from '../process.ts';

const lambdaTrust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

test("a function's calls come back to the server as its role, with what that may do and no more", async () => {
  using directory = temporaryDirectory();
  const code = 'export const handler = () => process.env;';
  writeFileSync(join(directory.path, 'index.mjs'), code);
  await using server = await startTestServer({ auth: 'required' });
  const iam = new IAMClient(server.clientConfig);
  const { Role: role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'lister', AssumeRolePolicyDocument: JSON.stringify(lambdaTrust) }),
  );
  const allowed = { Effect: 'Allow', Action: 'kinesis:ListStreams', Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [allowed] });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'lister', PolicyName: 'list', PolicyDocument }));
  const lambda = new LambdaClient(server.clientConfig);
  await lambda.send(
    new CreateFunctionCommand({
      ...{ FunctionName: 'telling', Role: role!.Arn, Runtime: 'nodejs22.x', Handler: 'index.handler' },
      ...{ Code: {}, Environment: { Variables: { MILLRACE_CODE_FOLDER: directory.path } } },
    }),
  );
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'telling' }));
  const variables: Record<string, string> = JSON.parse(Payload!.transformToString());
  assert.equal(variables['AWS_ENDPOINT_URL'], server.url);
  const config = {
    endpoint: server.url,
    region: variables['AWS_REGION']!,
    credentials: {
      accessKeyId: variables['AWS_ACCESS_KEY_ID']!,
      secretAccessKey: variables['AWS_SECRET_ACCESS_KEY']!,
      sessionToken: variables['AWS_SESSION_TOKEN']!,
    },
  };
  const sts = new STSClient(config);
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
  assert.equal(Arn, 'arn:aws:sts::000000000000:assumed-role/lister/telling');
  const kinesis = new KinesisClient(config);
  assert.deepEqual((await kinesis.send(new ListStreamsCommand({}))).StreamNames, []);
  const describe = kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'orders' }));
  await assert.rejects(describe, { name: 'AccessDeniedException' });
  for (const client of [iam, lambda, sts, kinesis]) client.destroy();
});

test('a function cannot be made with a role that does not trust Lambda', async () => {
  await using server = await startTestServer({ auth: 'required' });
  const iam = new IAMClient(server.clientConfig);
  const trust = { ...lambdaTrust.Statement[0], Principal: { Service: 'ec2.amazonaws.com' } };
  const AssumeRolePolicyDocument = JSON.stringify({ ...lambdaTrust, Statement: [trust] });
  const { Role: role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'other', AssumeRolePolicyDocument }),
  );
  const lambda = new LambdaClient(server.clientConfig);
  const made = new CreateFunctionCommand({
    ...{ FunctionName: 'a', Role: role!.Arn, Code: {} },
    Environment: { Variables: { MILLRACE_WEBHOOK_URL: 'http://127.0.0.1:9/' } },
  });
  await assert.rejects(lambda.send(made), { name: 'InvalidParameterValueException' });
  iam.destroy();
  lambda.destroy();
});

const allow = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
const trusts: readonly (readonly [what: string, statements: readonly object[], isTrusted: boolean])[] = [
  ['a role for Lambda', [allow], true],
  [
    'a role for several services',
    [{ ...allow, Principal: { Service: ['a.amazonaws.com', 'lambda.amazonaws.com'] } }],
    true,
  ],
  ['any action of STS', [{ ...allow, Action: 'sts:*' }], true],
  ['a role for another service', [{ ...allow, Principal: { Service: 'ec2.amazonaws.com' } }], false],
  ['a role for an account', [{ ...allow, Principal: { AWS: '000000000000' } }], false],
  [
    'a condition that a service cannot meet',
    [{ ...allow, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
    false,
  ],
  ['another action', [{ ...allow, Action: 'sts:TagSession' }], false],
  ['a denial', [allow, { ...allow, Effect: 'Deny' }], false],
  [
    'a denial of all but another service',
    [allow, { Effect: 'Deny', NotPrincipal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    false,
  ],
];

for (const [what, Statement, isTrusted] of trusts) {
  test(`whether Lambda is trusted: ${what}`, () => {
    assert.equal(
      trustsService(JSON.stringify({ Version: '2012-10-17', Statement }), 'lambda.amazonaws.com'),
      isTrusted,
    );
  });
}

test('what a service acts for is compared with what a trust policy asks', () => {
  const actsFor = new Map([
    ['aws:sourceaccount', ['111122223333']],
    ['aws:sourcearn', ['arn:aws:kinesis:us-east-1:111122223333:channel/1']],
  ]);
  const trusts = (...Statement: readonly object[]) => {
    const trust = JSON.stringify({ Version: '2012-10-17', Statement });
    return trustsService(trust, 'lambda.amazonaws.com', actsFor);
  };
  const ofChannels = {
    StringEquals: { 'aws:SourceAccount': '111122223333' },
    ArnLike: { 'aws:SourceArn': 'arn:aws:kinesis:*:111122223333:channel/*' },
  };
  const ofOthers = { StringEquals: { 'aws:SourceAccount': '444455556666' } };
  assert.ok(trusts({ ...allow, Condition: ofChannels }));
  assert.ok(!trusts({ ...allow, Condition: ofOthers }));
  assert.ok(!trusts({ ...allow, Condition: { StringEquals: { 'sts:ExternalId': '111122223333' } } }));
  assert.ok(!trusts({ ...allow, Condition: { StringEquals: { 'nobody:Knows': 'x' } } }));
  assert.ok(trusts(allow, { ...allow, Effect: 'Deny', Condition: ofOthers }));
  assert.ok(!trusts(allow, { ...allow, Effect: 'Deny', Condition: ofChannels }));
});

test('programs of this machine reach a server at its first port, also where it listens on all addresses', () => {
  assert.equal(ownUrlOf([{ host: '0.0.0.0', port: 1 }], false), 'http://127.0.0.1:1');
  assert.equal(ownUrlOf([{ host: '::', port: 1 }], true), 'https://[::1]:1');
  assert.equal(ownUrlOf([{ name: 'a', host: '10.0.0.1', port: 1 }], false), 'http://10.0.0.1:1');
  const places = [
    { name: 'a', host: '10.0.0.1', port: 1 },
    { host: '127.0.0.1', port: 2 },
  ];
  assert.equal(ownUrlOf(places, false), 'http://127.0.0.1:2');
  assert.equal(ownUrlOf([{ name: 'a', path: '/run/a.sock' }], false), undefined);
});
