import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { CreateStreamCommand, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { type Key, keyOf, OfficialClients } from './official-clients.ts';
import { temporaryDirectory } from './process.ts';
import { startTestServer, type TestServer } from './server-under-test.ts';

const account = '000000000000';

/** A user with a key, who may do anything. */
async function newUser(root: OfficialClients, name: string): Promise<Key> {
  await root.iam.send(new CreateUserCommand({ UserName: name }));
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await root.iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn }));
  const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName: name }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

async function newRole(
  root: OfficialClients,
  name: string,
  actions: string,
  trusts = 'sts:AssumeRole',
): Promise<string> {
  const trusted = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: trusts,
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: trusted });
  const { Role } = await root.iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
  const allowed = { Effect: 'Allow', Action: actions, Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: allowed });
  await root.iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'all', PolicyDocument }));
  return Role!.Arn!;
}

function rootOf({ url, rootUser }: TestServer): OfficialClients {
  return new OfficialClients(url, rootUser!);
}

async function arnOf({ sts }: OfficialClients): Promise<string> {
  return (await sts.send(new GetCallerIdentityCommand({}))).Arn!;
}

function create({ kinesis }: OfficialClients): Promise<unknown> {
  return kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
}

function lists({ kinesis }: OfficialClients): Promise<unknown> {
  return kinesis.send(new ListStreamsCommand({}));
}

test('users of the time when everyone was let in do not keep the root user from being made, once', async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'data');
  let anna: Key;
  {
    await using open = await startTestServer({ data });
    using anybody = new OfficialClients(open.url, { accessKeyId: 'any', secretAccessKey: 'thing' });
    anna = await newUser(anybody, 'anna');
  }
  {
    await using server = await startTestServer({ data, auth: 'required' });
    using root = rootOf(server);
    assert.equal(await arnOf(root), `arn:aws:iam::${account}:root`);
    using user = new OfficialClients(server.url, anna);
    assert.equal(await arnOf(user), `arn:aws:iam::${account}:user/anna`);
  }
  await using again = await startTestServer({ data, auth: 'required' });
  assert.equal(again.rootUser, undefined);
});

for (const workers of [0, 2]) {
  test(`an access key is good in every thread once it is made, and of no use once it is inactive: ${workers} workers`, async () => {
    await using server = await startTestServer({ auth: 'required', workers });
    using root = rootOf(server);
    const key = await newUser(root, 'anna');
    using anna = new OfficialClients(server.url, key);
    for (let call = 0; call < 6; call++) {
      assert.equal(await arnOf(anna), `arn:aws:iam::${account}:user/anna`);
      await lists(anna);
    }
    const change = { UserName: 'anna', AccessKeyId: key.accessKeyId };
    await root.iam.send(new UpdateAccessKeyCommand({ ...change, Status: 'Inactive' }));
    for (let call = 0; call < 6; call++) {
      await assert.rejects(lists(anna), { name: 'UnrecognizedClientException' });
      await assert.rejects(arnOf(anna), { name: 'InvalidClientTokenId' });
    }
    await root.iam.send(new UpdateAccessKeyCommand({ ...change, Status: 'Active' }));
    for (let call = 0; call < 6; call++) await lists(anna);
  });
}

test('a role that trusts the account is assumed, in every thread, for as long as it is there', async () => {
  await using server = await startTestServer({ auth: 'required', workers: 2 });
  using root = rootOf(server);
  using anna = new OfficialClients(server.url, await newUser(root, 'anna'));
  const RoleArn = await newRole(root, 'Reader', 'kinesis:ListStreams');
  const assumed = await anna.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'monday' }));
  const arn = `arn:aws:sts::${account}:assumed-role/Reader/monday`;
  assert.equal(assumed.AssumedRoleUser!.Arn, arn);
  assert.match(assumed.Credentials!.AccessKeyId!, /^ASIA[A-Z2-7]{16}$/);
  using session = new OfficialClients(server.url, keyOf(assumed.Credentials));
  for (let call = 0; call < 6; call++) {
    assert.equal(await arnOf(session), arn);
    await lists(session);
  }
  await assert.rejects(create(session), {
    name: 'AccessDeniedException',
    message: new RegExp(`User: ${arn} is not authorized to perform: kinesis:CreateStream`),
  });
  await root.iam.send(new DeleteRolePolicyCommand({ RoleName: 'Reader', PolicyName: 'all' }));
  await root.iam.send(new DeleteRoleCommand({ RoleName: 'Reader' }));
  for (let call = 0; call < 6; call++) {
    await assert.rejects(lists(session), { name: 'UnrecognizedClientException' });
  }
});

test('a session policy narrows what a role may, and a session token stands for its user', async () => {
  await using server = await startTestServer({ auth: 'required' });
  using root = rootOf(server);
  using anna = new OfficialClients(server.url, await newUser(root, 'anna'));
  const RoleArn = await newRole(root, 'Writer', 'kinesis:*');
  const Statement = { Effect: 'Allow', Action: 'kinesis:List*', Resource: '*' };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  const assumed = await anna.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'few', Policy }));
  assert.ok(assumed.PackedPolicySize! > 0 && assumed.PackedPolicySize! < 10);
  using few = new OfficialClients(server.url, keyOf(assumed.Credentials));
  await lists(few);
  await assert.rejects(create(few), { name: 'AccessDeniedException' });

  const { Credentials } = await anna.sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
  using session = new OfficialClients(server.url, keyOf(Credentials));
  assert.equal(await arnOf(session), `arn:aws:iam::${account}:user/anna`);
  await create(session);
  await assert.rejects(session.sts.send(new GetSessionTokenCommand({})), { name: 'AccessDenied' });
});

test('a session whose token is missing, changed or of another server is none', async () => {
  await using server = await startTestServer({ auth: 'required' });
  await using other = await startTestServer({ auth: 'required' });
  using root = rootOf(server);
  using stranger = rootOf(other);
  const { Credentials } = await root.sts.send(new GetSessionTokenCommand({}));
  const foreign = await stranger.sts.send(new GetSessionTokenCommand({}));
  const good = keyOf(Credentials);
  const { sessionToken, ...without } = good;
  const changed = { ...without, sessionToken: `${sessionToken!.slice(0, -8)}AAAAAAA=` };
  const swapped = { ...without, sessionToken: keyOf(foreign.Credentials).sessionToken! };
  for (const key of [without, changed, swapped, keyOf(foreign.Credentials)]) {
    using clients = new OfficialClients(server.url, key);
    await assert.rejects(lists(clients), { name: 'UnrecognizedClientException' });
    await assert.rejects(arnOf(clients), { name: 'InvalidClientTokenId' });
  }
  using clients = new OfficialClients(server.url, good);
  assert.equal(await arnOf(clients), `arn:aws:iam::${account}:root`);
});

test('where signatures are not verified, a role is assumed and its session says who calls', async () => {
  await using server = await startTestServer();
  using anybody = new OfficialClients(server.url, server.clientConfig.credentials);
  const RoleArn = await newRole(anybody, 'Reader', 'kinesis:List*');
  const assumed = await anybody.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'laptop' }));
  using session = new OfficialClients(server.url, keyOf(assumed.Credentials));
  assert.equal(await arnOf(session), `arn:aws:sts::${account}:assumed-role/Reader/laptop`);
  await create(session);
  const missing = { RoleArn: `${RoleArn}s`, RoleSessionName: 'laptop' };
  await assert.rejects(anybody.sts.send(new AssumeRoleCommand(missing)), { name: 'AccessDenied' });
});

test('transitive tags and the source identity go from session to session, and cannot be changed', async () => {
  await using server = await startTestServer({ auth: 'required' });
  using root = rootOf(server);
  using anna = new OfficialClients(server.url, await newUser(root, 'anna'));
  const [first, second] = [
    await newRole(root, 'first', 'sts:*', 'sts:*'),
    await newRole(root, 'second', 'kinesis:*', 'sts:*'),
  ];
  const Tags = [
    { Key: 'team', Value: 'shop' },
    { Key: 'shift', Value: 'night' },
  ];
  const asked = { RoleSessionName: 'one', Tags, TransitiveTagKeys: ['team'], SourceIdentity: 'anna' };
  await assert.rejects(
    anna.sts.send(new AssumeRoleCommand({ ...asked, RoleArn: first, TransitiveTagKeys: ['other'] })),
    { name: 'InvalidParameterValue' },
  );
  const one = await anna.sts.send(new AssumeRoleCommand({ ...asked, RoleArn: first }));
  assert.equal(one.SourceIdentity, 'anna');
  using session = new OfficialClients(server.url, keyOf(one.Credentials));
  const chained = { RoleArn: second, RoleSessionName: 'two' };
  const again = new AssumeRoleCommand({ ...chained, Tags: [{ Key: 'Team', Value: 'other' }] });
  await assert.rejects(session.sts.send(again), { name: 'InvalidParameterValue' });
  const other = new AssumeRoleCommand({ ...chained, SourceIdentity: 'bob' });
  await assert.rejects(session.sts.send(other), /cannot be changed/);
  const two = await session.sts.send(new AssumeRoleCommand(chained));
  assert.equal(two.SourceIdentity, 'anna');
  const allowsOnly = async (key: string, value: string) => {
    const Statement = {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { [key]: value } },
    };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await root.iam.send(new PutRolePolicyCommand({ RoleName: 'second', PolicyName: 'all', PolicyDocument }));
  };
  using last = new OfficialClients(server.url, keyOf(two.Credentials));
  await allowsOnly('aws:PrincipalTag/team', 'shop');
  await lists(last);
  await allowsOnly('aws:SourceIdentity', 'anna');
  await lists(last);
  await allowsOnly('aws:PrincipalTag/shift', 'night');
  await assert.rejects(lists(last), { name: 'AccessDeniedException' });
});
