import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  ListStreamsCommand,
  PutRecordCommand,
  StartStreamEncryptionCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { type Key, keyOf, OfficialClients } from './official-clients.ts';
import { temporaryDirectory } from './process.ts';
import { startTestServer, type TestServer } from './server-under-test.ts';

const account = '000000000000';
const arnOf = (resource: string) => `arn:aws:iam::${account}:${resource}`;
const denied = { name: /^AccessDenied/ };

/** The key of a user with these statements in its policy. */
async function newUser(root: OfficialClients, UserName: string, ...Statement: object[]): Promise<Key> {
  await root.iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = policyOf(...Statement);
  await root.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
  const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

async function newRole(root: OfficialClients, RoleName: string, ...trust: object[]): Promise<string> {
  const AssumeRolePolicyDocument = policyOf(
    ...trust.map((each) => ({ Action: ['sts:AssumeRole', 'sts:TagSession'], ...each })),
  );
  const { Role } = await root.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  return Role!.Arn!;
}

function policyOf(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function rootOf({ url, rootUser }: TestServer): OfficialClients {
  return new OfficialClients(url, rootUser!);
}

const all = { Effect: 'Allow', Action: '*', Resource: '*' };

test('a user is shown in the partition that it signs for, and denied in whichever one a policy writes', async () => {
  await using server = await startTestServer({ auth: 'required' });
  using root = rootOf(server);
  const closed = (Resource: string) => ({ Effect: 'Deny', Action: 'iam:*', Resource });
  const self = (partition: string) => `arn:${partition}:iam::${account}:user/mallory`;
  const key = await newUser(
    root,
    'mallory',
    all,
    closed(arnOf('user/boss')),
    closed(`arn:aws-cn:iam::${account}:user/chief`),
    { ...closed('*'), Condition: { ArnEquals: { 'aws:PrincipalArn': self('aws-us-gov') } } },
  );
  const other = await newUser(
    root,
    'other',
    all,
    closed(arnOf('user/boss')),
    closed(`arn:aws-cn:iam::${account}:user/chief`),
  );
  for (const UserName of ['boss', 'chief']) await root.iam.send(new CreateUserCommand({ UserName }));
  for (const [region, partition] of [
    ['us-east-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ] as const) {
    using mallory = new OfficialClients(server.url, key, region);
    const { Arn } = await mallory.sts.send(new GetCallerIdentityCommand({}));
    assert.equal(Arn, self(partition));
    await assert.rejects(mallory.iam.send(new GetUserCommand({ UserName: 'other' })), denied);
    using second = new OfficialClients(server.url, other, region);
    await second.iam.send(new GetUserCommand({ UserName: 'other' }));
    for (const UserName of ['boss', 'chief']) {
      await assert.rejects(second.iam.send(new GetUserCommand({ UserName })), denied);
    }
  }
});

test('a role is closed to whom a policy names, whatever partition and region are named', async () => {
  await using server = await startTestServer({ auth: 'required' });
  using root = rootOf(server);
  const closed = { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: arnOf('role/admin') };
  const key = await newUser(root, 'mallory', all, closed);
  const other = await newUser(root, 'other', all);
  await newRole(root, 'admin', { Effect: 'Allow', Principal: { AWS: account } });
  await newRole(
    root,
    'most',
    { Effect: 'Allow', Principal: { AWS: account } },
    { Effect: 'Deny', Principal: { AWS: arnOf('user/other') } },
  );
  const assuming = (by: Key, name: string, partition: string, region: string) => {
    using clients = new OfficialClients(server.url, by, region);
    const RoleArn = `arn:${partition}:iam::${account}:role/${name}`;
    return clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'some' }));
  };
  for (const partition of ['aws', 'aws-cn', 'aws-any']) {
    for (const region of ['us-east-1', 'cn-north-1']) {
      await assert.rejects(assuming(key, 'admin', partition, region), denied, `${partition} ${region}`);
      await assert.rejects(assuming(other, 'most', partition, region), denied, `${partition} ${region}`);
    }
  }
  await assuming(key, 'most', 'aws', 'us-east-1');
});

test('a tag that is said twice, in another case, lets nobody in by one of its values', async () => {
  await using server = await startTestServer({ auth: 'required' });
  using root = rootOf(server);
  const red = { StringEquals: { 'aws:RequestTag/team': 'red' } };
  const key = await newUser(root, 'mallory', {
    Effect: 'Allow',
    Action: ['kinesis:AddTagsToStream', 'sts:*'],
    Resource: '*',
    Condition: red,
  });
  const RoleArn = await newRole(root, 'worker', { Effect: 'Allow', Principal: { AWS: account } });
  await root.kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  using mallory = new OfficialClients(server.url, key);
  for (const [first, second] of [
    ['Team', 'team'],
    ['team', 'Team'],
  ] as const) {
    const Tags = { [first]: 'admin', [second]: 'red' };
    const tagging = mallory.kinesis.send(new AddTagsToStreamCommand({ StreamName: 'orders', Tags }));
    await assert.rejects(tagging, denied);
    const session = { RoleArn, RoleSessionName: 'some' };
    const tags = [first, second].map((Key, index) => ({ Key, Value: ['admin', 'red'][index]! }));
    await assert.rejects(mallory.sts.send(new AssumeRoleCommand({ ...session, Tags: tags })), {
      name: 'InvalidParameterValue',
      message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    });
  }
});

test('a tag that is handed on is kept by the sessions that follow', async () => {
  await using server = await startTestServer({ auth: 'required' });
  using root = rootOf(server);
  const key = await newUser(root, 'mallory', all);
  const trust = { Effect: 'Allow', Principal: { AWS: account } };
  const first = await newRole(root, 'first', trust);
  const second = await newRole(root, 'second', trust);
  await root.iam.send(
    new PutRolePolicyCommand({ RoleName: 'first', PolicyName: 'own', PolicyDocument: policyOf(all) }),
  );
  const blue = { StringEquals: { 'aws:PrincipalTag/team': 'red' } };
  const PolicyDocument = policyOf({ Effect: 'Allow', Action: '*', Resource: '*', Condition: blue });
  await root.iam.send(new PutRolePolicyCommand({ RoleName: 'second', PolicyName: 'own', PolicyDocument }));
  using mallory = new OfficialClients(server.url, key);
  const Tags = [{ Key: 'team', Value: 'red' }];
  const one = { RoleArn: first, RoleSessionName: 'one' };
  const missing = { ...one, TransitiveTagKeys: ['team'] };
  await assert.rejects(mallory.sts.send(new AssumeRoleCommand(missing)), { name: 'InvalidParameterValue' });
  const { Credentials } = await mallory.sts.send(new AssumeRoleCommand({ ...missing, Tags }));
  using session = new OfficialClients(server.url, keyOf(Credentials));
  const two = { RoleArn: second, RoleSessionName: 'two' };
  const other = { ...two, Tags: [{ Key: 'Team', Value: 'blue' }] };
  await assert.rejects(session.sts.send(new AssumeRoleCommand(other)), { name: 'InvalidParameterValue' });
  const chained = await session.sts.send(new AssumeRoleCommand(two));
  using follower = new OfficialClients(server.url, keyOf(chained.Credentials));
  await follower.kinesis.send(new ListStreamsCommand({}));
});

const elsewhere = '222222222222';

test('a stream is encrypted with no key of another account, unless its policy says so', async () => {
  using directory = temporaryDirectory();
  const credentials = join(directory.path, 'users');
  const profile = (name: string, id: string) =>
    `[${name}]\naws_access_key_id = ${name.toUpperCase()}\naws_secret_access_key = ${name}\naws_account_id = ${id}\n`;
  writeFileSync(credentials, profile('own', account) + profile('other', elsewhere), { mode: 0o600 });
  await using server = await startTestServer({ credentials });
  using own = new OfficialClients(server.url, { accessKeyId: 'OWN', secretAccessKey: 'own' });
  using other = new OfficialClients(server.url, { accessKeyId: 'OTHER', secretAccessKey: 'other' });
  const { KeyMetadata } = await other.kms.send(new CreateKeyCommand({}));
  const TargetKeyId = KeyMetadata!.KeyId!;
  await other.kms.send(new CreateAliasCommand({ AliasName: 'alias/there', TargetKeyId }));
  await own.kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  await waitUntilStreamExists(
    { client: own.kinesis, minDelay: 1, maxDelay: 1, maxWaitTime: 60 },
    { StreamName: 'orders' },
  );
  const starting = (KeyId: string) =>
    own.kinesis.send(
      new StartStreamEncryptionCommand({ StreamName: 'orders', EncryptionType: 'KMS', KeyId }),
    );
  const arnOfKey = (name: string) => `arn:aws:kms:us-east-1:${elsewhere}:${name}`;
  for (const name of [`key/${TargetKeyId}`, 'alias/there', 'alias/gone', 'alias/aws/kinesis']) {
    await assert.rejects(starting(arnOfKey(name)), { name: 'KMSAccessDeniedException' }, name);
  }
  const { Keys } = await other.kms.send(new ListKeysCommand({}));
  assert.equal(Keys?.length, 1);
  const named = {
    Effect: 'Allow',
    Principal: { AWS: [account, elsewhere] },
    Action: 'kms:*',
    Resource: '*',
  };
  await other.kms.send(new PutKeyPolicyCommand({ KeyId: TargetKeyId, Policy: policyOf(named) }));
  await starting(arnOfKey(`key/${TargetKeyId}`));
});

test('a session of a profile ends with the access key, and with the account, of its profile', async () => {
  using directory = temporaryDirectory();
  const credentials = join(directory.path, 'users');
  const profile = (key: string, id: string) =>
    `[shop]\naws_access_key_id = ${key}\naws_secret_access_key = words\naws_account_id = ${id}\n`;
  const admitted = (text: string) => writeFileSync(credentials, text, { mode: 0o600 });
  admitted(profile('LEAKED', account));
  const data = join(directory.path, 'data');
  const start = () => startTestServer({ credentials, data, memory: false });
  let token: Key;
  {
    await using server = await start();
    using shop = new OfficialClients(server.url, { accessKeyId: 'LEAKED', secretAccessKey: 'words' });
    token = keyOf((await shop.sts.send(new GetSessionTokenCommand({}))).Credentials);
  }
  for (const [text, isGood] of [
    [profile('LEAKED', account), true],
    [profile('LEAKED', elsewhere), false],
    [profile('FRESH', account), false],
  ] as const) {
    admitted(text);
    await using server = await start();
    using session = new OfficialClients(server.url, token);
    const listing = session.kinesis.send(new ListStreamsCommand({}));
    if (isGood) await listing;
    else await assert.rejects(listing, { name: 'UnrecognizedClientException' }, text);
  }
});

test('a session that was made before callers had to sign is none afterwards', async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'data');
  const sessions: Key[] = [];
  {
    await using open = await startTestServer({ data, memory: false });
    using anybody = new OfficialClients(open.url, { accessKeyId: 'ANYBODY', secretAccessKey: 'none' });
    const RoleArn = await newRole(anybody, 'admin', { Effect: 'Allow', Principal: { AWS: account } });
    const PolicyDocument = policyOf(all);
    await anybody.iam.send(
      new PutRolePolicyCommand({ RoleName: 'admin', PolicyName: 'own', PolicyDocument }),
    );
    const assumed = await anybody.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'some' }));
    const own = await anybody.sts.send(new GetSessionTokenCommand({}));
    sessions.push(keyOf(assumed.Credentials), keyOf(own.Credentials));
    for (const key of sessions) {
      using session = new OfficialClients(open.url, key);
      await session.kinesis.send(new ListStreamsCommand({}));
    }
  }
  await using signed = await startTestServer({ data, memory: false, auth: 'required' });
  for (const key of sessions) {
    using session = new OfficialClients(signed.url, key);
    const listing = session.kinesis.send(new ListStreamsCommand({}));
    await assert.rejects(listing, { name: 'UnrecognizedClientException' });
  }
});

test('a key of a KMS elsewhere is used by whom its own policies let, whatever account the key is of', async () => {
  using directory = temporaryDirectory();
  const kmsCredentials = join(directory.path, 'kms');
  const own = { accessKeyId: 'SERVER', secretAccessKey: 'words' };
  writeFileSync(kmsCredentials, '[default]\naws_access_key_id = SERVER\naws_secret_access_key = words\n', {
    mode: 0o600,
  });
  await using there = await startTestServer({ account: elsewhere });
  using keys = new OfficialClients(there.url, own);
  const KeyId = (await keys.kms.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
  await using server = await startTestServer({ auth: 'required', kms: there.url, kmsCredentials });
  using root = rootOf(server);
  const reading = await newUser(root, 'reader', { ...all, Action: 'kinesis:*' });
  const writing = await newUser(root, 'writer', { ...all, Action: ['kinesis:*', 'kms:GenerateDataKey'] });
  const StreamName = 'orders';
  await root.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await waitUntilStreamExists(
    { client: root.kinesis, minDelay: 1, maxDelay: 1, maxWaitTime: 60 },
    { StreamName },
  );
  const change = { StreamName, EncryptionType: 'KMS', KeyId } as const;
  const started = (key: Key) => {
    using clients = new OfficialClients(server.url, key);
    return clients.kinesis.send(new StartStreamEncryptionCommand(change));
  };
  await assert.rejects(started(reading), { name: 'KMSAccessDeniedException' });
  await root.kinesis.send(new StartStreamEncryptionCommand(change));
  await waitUntilStreamExists(
    { client: root.kinesis, minDelay: 1, maxDelay: 1, maxWaitTime: 60 },
    { StreamName },
  );
  const put = { StreamName, PartitionKey: 'k', Data: Buffer.from('words') };
  for (const key of [server.rootUser!, writing]) {
    using clients = new OfficialClients(server.url, key);
    assert.equal((await clients.kinesis.send(new PutRecordCommand(put))).EncryptionType, 'KMS');
  }
  using reader = new OfficialClients(server.url, reading);
  await assert.rejects(reader.kinesis.send(new PutRecordCommand(put)), { name: 'KMSAccessDeniedException' });
});
