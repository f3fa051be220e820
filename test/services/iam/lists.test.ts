import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  GetUserCommand,
  ListAccountAliasesCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  PutUserPermissionsBoundaryCommand,
  TagPolicyCommand,
  TagUserCommand,
  UntagUserCommand,
} from '@aws-sdk/client-iam';
import { account, allowing, IamBench, rootOf, trusting } from './iam-bench.ts';

test('a list comes in pages, in the order of names, whatever is made and deleted in between', async () => {
  const { client } = await IamBench.start();
  for (const UserName of ['dan', 'Bob', 'ann', 'carl'])
    await client.send(new CreateUserCommand({ UserName }));
  const first = await client.send(new ListUsersCommand({ MaxItems: 2 }));
  assert.deepEqual([first.Users?.map(({ UserName }) => UserName), first.IsTruncated], [['ann', 'Bob'], true]);
  await client.send(new CreateUserCommand({ UserName: 'aaron' }));
  const second = await client.send(new ListUsersCommand({ MaxItems: 2, Marker: first.Marker }));
  assert.deepEqual(
    [second.Users?.map(({ UserName }) => UserName), second.IsTruncated, second.Marker],
    [['carl', 'dan'], false, undefined],
  );
});

test('a path names those below it, and an account sees its own only', async () => {
  const bench = await IamBench.start();
  const { client } = bench;
  for (const [UserName, Path] of [
    ['ann', '/shop/'],
    ['bob', '/shop/till/'],
    ['carl', '/'],
  ] as const) {
    await client.send(new CreateUserCommand({ UserName, Path }));
  }
  const { Users } = await client.send(new ListUsersCommand({ PathPrefix: '/shop/' }));
  assert.deepEqual(
    Users?.map(({ UserName }) => UserName),
    ['ann', 'bob'],
  );
  bench.caller = rootOf('222222222222');
  assert.deepEqual((await client.send(new ListUsersCommand({}))).Users, []);
  bench.caller = rootOf(account, 'cn-north-1');
  const { User } = await client.send(new GetUserCommand({ UserName: 'ann' }));
  assert.equal(User?.Arn, `arn:aws-cn:iam::${account}:user/shop/ann`);
});

test('managed policies are listed with how often they are attached, and to what', async () => {
  const { client } = await IamBench.start();
  const PolicyDocument = allowing('kinesis:*');
  const made = await client.send(new CreatePolicyCommand({ PolicyName: 'all', PolicyDocument }));
  const PolicyArn = made.Policy?.Arn ?? '';
  await client.send(new CreateUserCommand({ UserName: 'ann', PermissionsBoundary: PolicyArn }));
  await client.send(new CreateGroupCommand({ GroupName: 'shop' }));
  const AssumeRolePolicyDocument = trusting('lambda.amazonaws.com');
  await client.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument }));
  await client.send(new AttachUserPolicyCommand({ UserName: 'ann', PolicyArn }));
  await client.send(new AttachGroupPolicyCommand({ GroupName: 'shop', PolicyArn }));
  const ofAws = 'arn:aws:iam::aws:policy/AmazonKinesisFullAccess';
  await client.send(new AttachRolePolicyCommand({ RoleName: 'reader', PolicyArn: ofAws }));

  const local = await client.send(new ListPoliciesCommand({ Scope: 'Local' }));
  assert.deepEqual(
    local.Policies?.map((one) => [one.Arn, one.AttachmentCount, one.PermissionsBoundaryUsageCount]),
    [[PolicyArn, 2, 1]],
  );
  const used = await client.send(new ListPoliciesCommand({ OnlyAttached: true }));
  assert.deepEqual(
    used.Policies?.map(({ Arn }) => Arn),
    [PolicyArn, ofAws],
  );
  const entities = await client.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
  assert.deepEqual(
    [entities.PolicyUsers?.[0]?.UserName, entities.PolicyGroups?.[0]?.GroupName, entities.PolicyRoles],
    ['ann', 'shop', []],
  );
  const roles = await client.send(
    new ListEntitiesForPolicyCommand({ PolicyArn: ofAws, EntityFilter: 'Role' }),
  );
  assert.equal(roles.PolicyRoles?.[0]?.RoleName, 'reader');
  const attached = await client.send(new ListAttachedUserPoliciesCommand({ UserName: 'ann' }));
  assert.deepEqual(attached.AttachedPolicies, [{ PolicyName: 'all', PolicyArn }]);

  const { User } = await client.send(new GetUserCommand({ UserName: 'ann' }));
  assert.deepEqual(User?.PermissionsBoundary, {
    PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
    PermissionsBoundaryArn: PolicyArn,
  });
  await client.send(new DeleteUserPermissionsBoundaryCommand({ UserName: 'ann' }));
  await client.send(new PutUserPermissionsBoundaryCommand({ UserName: 'ann', PermissionsBoundary: ofAws }));
  const bounded = await client.send(
    new ListEntitiesForPolicyCommand({ PolicyArn: ofAws, PolicyUsageFilter: 'PermissionsBoundary' }),
  );
  assert.deepEqual([bounded.PolicyUsers?.[0]?.UserName, bounded.PolicyRoles], ['ann', []]);
});

test('tags are added, changed and removed by keys, whose case does not matter', async () => {
  const { client } = await IamBench.start();
  const UserName = 'ann';
  await client.send(new CreateUserCommand({ UserName, Tags: [{ Key: 'Team', Value: 'shop' }] }));
  const Tags = [
    { Key: 'team', Value: 'till' },
    { Key: 'größe', Value: '' },
  ];
  await client.send(new TagUserCommand({ UserName, Tags }));
  assert.deepEqual((await client.send(new ListUserTagsCommand({ UserName }))).Tags, [
    { Key: 'größe', Value: '' },
    { Key: 'Team', Value: 'till' },
  ]);
  await client.send(new UntagUserCommand({ UserName, TagKeys: ['TEAM', 'none'] }));
  const left = await client.send(new GetUserCommand({ UserName }));
  assert.deepEqual(left.User?.Tags, [{ Key: 'größe', Value: '' }]);
  const PolicyDocument = allowing('kinesis:*');
  const { Policy } = await client.send(new CreatePolicyCommand({ PolicyName: 'all', PolicyDocument }));
  await client.send(new TagPolicyCommand({ PolicyArn: Policy?.Arn, Tags: [{ Key: 'a', Value: 'b' }] }));
  const ofPolicy = await client.send(new ListPolicyTagsCommand({ PolicyArn: Policy?.Arn }));
  assert.deepEqual(ofPolicy.Tags, [{ Key: 'a', Value: 'b' }]);
});

test('an account is told in numbers, and as a whole', async () => {
  const { client } = await IamBench.start();
  await client.send(new CreateUserCommand({ UserName: 'ann' }));
  await client.send(new CreateGroupCommand({ GroupName: 'Shop' }));
  await client.send(new AddUserToGroupCommand({ UserName: 'ann', GroupName: 'shop' }));
  const { SummaryMap } = await client.send(new GetAccountSummaryCommand({}));
  assert.deepEqual([SummaryMap?.Users, SummaryMap?.Groups, SummaryMap?.UsersQuota], [1, 1, 5000]);
  assert.deepEqual((await client.send(new ListAccountAliasesCommand({}))).AccountAliases, []);
  const whole = await client.send(
    new GetAccountAuthorizationDetailsCommand({ Filter: ['User', 'Group', 'LocalManagedPolicy'] }),
  );
  assert.deepEqual(whole.UserDetailList?.[0]?.GroupList, ['Shop']);
  assert.equal(whole.GroupDetailList?.[0]?.GroupName, 'Shop');
  assert.deepEqual([whole.RoleDetailList, whole.Policies], [[], []]);
});
