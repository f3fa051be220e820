import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetAccessKeyLastUsedCommand,
  GetGroupCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListGroupsForUserCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateAccessKeyCommand,
  UpdateGroupCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { openIdentity } from '../../../src/access/identity/identity.ts';
import { userOf } from '../../../src/access/identity/lookup.ts';
import { auditable } from '../../../src/rpc/audit-values.ts';
import { operations } from '../../../src/services/iam/operations.ts';
import { account, allowing, IamBench, refusal, rootOf } from './iam-bench.ts';
import { journalText } from './journal-text.ts';

test('the secret of an access key is told once, and lies in the journal only wrapped', async () => {
  const bench = await IamBench.start();
  const { client } = bench;
  await client.send(new CreateUserCommand({ UserName: 'ann' }));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
  const { AccessKeyId = '', SecretAccessKey = '', Status, UserName } = AccessKey ?? {};
  assert.match(AccessKeyId, /^AKIA[A-Z2-7]{16}$/);
  assert.match(SecretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  assert.deepEqual([Status, UserName], ['Active', 'ann']);
  const { AccessKeyMetadata } = await client.send(new ListAccessKeysCommand({ UserName: 'ann' }));
  assert.equal(AccessKeyMetadata?.length, 1);
  assert.ok(!bench.answered.includes(SecretAccessKey));

  const key = bench.identity.state.accessKeys.get(AccessKeyId)!;
  const purpose = `access-key/${AccessKeyId}`;
  assert.equal(String(bench.rootKey.unwrap(key.secret, purpose)), SecretAccessKey);
  assert.throws(() => bench.rootKey.unwrap(key.secret, 'access-key/AKIAOTHER'));
  assert.ok(!(await journalText(bench.log)).includes(SecretAccessKey), 'it is in the journal as it is');
});

test('the audit log is told of a new access key, and not its secret', () => {
  const { output } = operations.get('CreateAccessKey')!;
  const AccessKey = { UserName: 'ann', AccessKeyId: 'AKIA1', Status: 'Active', SecretAccessKey: 'hush' };
  assert.deepEqual(auditable({ AccessKey }, output), {
    accessKey: {
      userName: 'ann',
      accessKeyId: 'AKIA1',
      status: 'Active',
      secretAccessKey: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    },
  });
});

test('a deleted access key is found no more, after a restart too', async () => {
  const { client, identity, log } = await IamBench.start();
  await client.send(new CreateUserCommand({ UserName: 'ann' }));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
  const id = AccessKey?.AccessKeyId ?? '';
  const inactive = { UserName: 'ann', AccessKeyId: id, Status: 'Inactive' } as const;
  await client.send(new UpdateAccessKeyCommand(inactive));
  assert.equal(identity.state.accessKeys.get(id)?.isActive, false);
  assert.equal((await openIdentity(log)).state.accessKeys.get(id)?.isActive, false);
  await client.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: id }));
  assert.equal(identity.state.accessKeys.get(id), undefined);
  assert.equal((await openIdentity(log)).state.accessKeys.get(id), undefined);
  assert.equal(
    await refusal(client.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: id }))),
    `NoSuchEntityException: The Access Key with id ${id} cannot be found.`,
  );
});

test('the last access key of a root user stays, so that a restart lets no one in', async () => {
  const { client } = await IamBench.start();
  const ids: string[] = [];
  for (let made = 0; made < 2; made++) {
    const { AccessKey } = await client.send(new CreateAccessKeyCommand({}));
    ids.push(AccessKey?.AccessKeyId ?? '');
  }
  const [first, last] = ids;
  assert.equal(await refusal(client.send(new DeleteAccessKeyCommand({ AccessKeyId: first }))), 'fine');
  assert.match(
    await refusal(client.send(new DeleteAccessKeyCommand({ AccessKeyId: last }))),
    /^DeleteConflictException: Cannot delete the last access key of a root user/,
  );
  const inactive = new UpdateAccessKeyCommand({ AccessKeyId: last, Status: 'Inactive' });
  assert.equal(await refusal(client.send(inactive)), 'fine');
  const deleted = client.send(new DeleteAccessKeyCommand({ AccessKeyId: last }));
  assert.match(await refusal(deleted), /^DeleteConflict/);
});

test('a user has two access keys at most, and another user cannot touch them', async () => {
  const { client } = await IamBench.start();
  for (const UserName of ['ann', 'bob']) await client.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
  await client.send(new CreateAccessKeyCommand({ UserName: 'ANN' }));
  assert.equal(
    await refusal(client.send(new CreateAccessKeyCommand({ UserName: 'ann' }))),
    'LimitExceededException: Cannot exceed quota for AccessKeysPerUser: 2',
  );
  const AccessKeyId = AccessKey?.AccessKeyId ?? '';
  assert.match(
    await refusal(client.send(new DeleteAccessKeyCommand({ UserName: 'bob', AccessKeyId }))),
    /^NoSuchEntity/,
  );
});

test('without a name, the caller is meant', async () => {
  const bench = await IamBench.start();
  const { client, identity } = bench;
  const own = await client.send(new GetUserCommand({}));
  assert.equal(own.User?.Arn, `arn:aws:iam::${account}:root`);
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({}));
  assert.equal(identity.state.accessKeys.get(AccessKey?.AccessKeyId ?? '')?.user, null);

  await client.send(new CreateUserCommand({ UserName: 'ann' }));
  await client.send(
    new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'own', PolicyDocument: allowing('iam:*') }),
  );
  const { id } = identity.state.accounts.get(account)!.users.get('ann')!;
  const arn = `arn:aws:iam::${account}:user/ann`;
  bench.caller = { ...rootOf(account), arn, userId: id, principal: { kind: 'user', id, name: 'ann' } };
  assert.equal((await client.send(new GetUserCommand({}))).User?.UserName, 'ann');
  const made = await client.send(new CreateAccessKeyCommand({}));
  assert.equal(made.AccessKey?.UserName, 'ann');
  assert.equal((await client.send(new ListAccessKeysCommand({}))).AccessKeyMetadata?.length, 1);

  bench.caller = {
    ...bench.caller,
    arn: `arn:aws:sts::${account}:assumed-role/reader/s`,
    principal: { kind: 'role', id: 'AROA', name: 'reader', sessionPolicyArns: [] },
  };
  assert.match(await refusal(client.send(new GetUserCommand({}))), /^AccessDenied/);
});

test('whose a key is can be asked, and not when it was used', async () => {
  const { client } = await IamBench.start();
  await client.send(new CreateUserCommand({ UserName: 'ann' }));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
  const AccessKeyId = AccessKey?.AccessKeyId ?? '';
  const { UserName, AccessKeyLastUsed } = await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  assert.equal(UserName, 'ann');
  assert.deepEqual(AccessKeyLastUsed, { ServiceName: 'N/A', Region: 'N/A' });
});

test('names differ in more than their case, and are written as they were given', async () => {
  const { client } = await IamBench.start();
  await client.send(new CreateUserCommand({ UserName: 'Ann', Path: '/shop/' }));
  assert.equal(
    await refusal(client.send(new CreateUserCommand({ UserName: 'ANN' }))),
    'EntityAlreadyExistsException: User with name ANN already exists.',
  );
  const { User } = await client.send(new GetUserCommand({ UserName: 'ann' }));
  assert.equal(User?.UserName, 'Ann');
  assert.equal(User?.Arn, `arn:aws:iam::${account}:user/shop/Ann`);
});

test('a renamed user keeps its keys, its groups and its id', async () => {
  const { client, identity } = await IamBench.start();
  await client.send(new CreateUserCommand({ UserName: 'ann' }));
  await client.send(new CreateUserCommand({ UserName: 'bob' }));
  await client.send(new CreateGroupCommand({ GroupName: 'shop' }));
  await client.send(new AddUserToGroupCommand({ UserName: 'ann', GroupName: 'SHOP' }));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
  const before = await client.send(new GetUserCommand({ UserName: 'ann' }));
  assert.match(
    await refusal(client.send(new UpdateUserCommand({ UserName: 'ann', NewUserName: 'Bob' }))),
    /^EntityAlreadyExists/,
  );
  await client.send(new UpdateUserCommand({ UserName: 'ann', NewUserName: 'Anna', NewPath: '/x/' }));
  await client.send(new UpdateGroupCommand({ GroupName: 'shop', NewGroupName: 'store' }));
  const key = identity.state.accessKeys.get(AccessKey?.AccessKeyId ?? '')!;
  const user = userOf(identity.state, key);
  assert.equal(user?.name, 'Anna');
  assert.equal(user.id, before.User?.UserId);
  assert.deepEqual(user.groups, ['store']);
  assert.match(await refusal(client.send(new GetUserCommand({ UserName: 'ann' }))), /^NoSuchEntity/);
  const { Users } = await client.send(new GetGroupCommand({ GroupName: 'store' }));
  assert.deepEqual(
    Users?.map(({ Arn }) => Arn),
    [`arn:aws:iam::${account}:user/x/Anna`],
  );
});

test('a user is deleted once its groups, keys, attached and inline policies are gone, in that order', async () => {
  const { client } = await IamBench.start();
  const UserName = 'ann';
  const GroupName = 'shop';
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess';
  await client.send(new CreateUserCommand({ UserName }));
  await client.send(new CreateGroupCommand({ GroupName }));
  await client.send(new AddUserToGroupCommand({ UserName, GroupName }));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName }));
  await client.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const inline = { UserName, PolicyName: 'own' };
  await client.send(new PutUserPolicyCommand({ ...inline, PolicyDocument: allowing('kinesis:*') }));
  const { Groups } = await client.send(new ListGroupsForUserCommand({ UserName }));
  assert.deepEqual(
    Groups?.map((group) => group.GroupName),
    [GroupName],
  );
  const said: string[] = [];
  const trying = async () => said.push(await refusal(client.send(new DeleteUserCommand({ UserName }))));
  await trying();
  assert.match(await refusal(client.send(new DeleteGroupCommand({ GroupName }))), /must remove users/);
  await client.send(new RemoveUserFromGroupCommand({ UserName, GroupName }));
  await trying();
  await client.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId }));
  await trying();
  await client.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
  await trying();
  await client.send(new DeleteUserPolicyCommand(inline));
  await trying();
  const conflict = (what: string) => `DeleteConflictException: Cannot delete entity, must ${what} first.`;
  assert.deepEqual(said, [
    conflict('remove users from group'),
    conflict('delete access keys'),
    conflict('detach all policies'),
    conflict('delete policies'),
    'fine',
  ]);
  assert.equal(await refusal(client.send(new DeleteGroupCommand({ GroupName }))), 'fine');
});
