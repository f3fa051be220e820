import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { account, allowing, IamBench, refusal, trusting } from './iam-bench.ts';

test('a stack makes a role for a function and reads all of it back, then deletes it in order', async () => {
  const { client } = await IamBench.start();
  const RoleName = 'orders-function';
  const trust = trusting('lambda.amazonaws.com');
  const made = await client.send(
    new CreateRoleCommand({
      RoleName,
      Path: '/functions/',
      AssumeRolePolicyDocument: trust,
      Description: "Reads orders (they're many)",
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
  );
  const Arn = `arn:aws:iam::${account}:role/functions/${RoleName}`;
  assert.equal(made.Role?.Arn, Arn);
  assert.match(made.Role?.RoleId ?? '', /^AROA[A-Z2-7]{17}$/);
  const inline = allowing('kinesis:*', `arn:aws:kinesis:*:${account}:stream/orders`);
  await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'read', PolicyDocument: inline }));
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole';
  await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));

  const { Role } = await client.send(new GetRoleCommand({ RoleName }));
  assert.equal(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), trust);
  assert.deepEqual(
    { ...Role, AssumeRolePolicyDocument: undefined },
    {
      Path: '/functions/',
      RoleName,
      RoleId: made.Role?.RoleId,
      Arn,
      CreateDate: new Date('2023-11-14T22:13:20Z'),
      AssumeRolePolicyDocument: undefined,
      Description: "Reads orders (they're many)",
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'team', Value: 'shop' }],
      RoleLastUsed: {},
    },
  );
  const read = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'read' }));
  assert.equal(decodeURIComponent(read.PolicyDocument ?? ''), inline);
  const listed = await client.send(new ListRolePoliciesCommand({ RoleName }));
  assert.deepEqual(listed.PolicyNames, ['read']);
  const attached = await client.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  assert.deepEqual(attached.AttachedPolicies, [{ PolicyName: 'AWSLambdaKinesisExecutionRole', PolicyArn }]);
  const tags = await client.send(new ListRoleTagsCommand({ RoleName }));
  assert.deepEqual(tags.Tags, [{ Key: 'team', Value: 'shop' }]);
  const profiles = await client.send(new ListInstanceProfilesForRoleCommand({ RoleName }));
  assert.deepEqual(profiles.InstanceProfiles, []);

  const deleting = () => refusal(client.send(new DeleteRoleCommand({ RoleName })));
  assert.match(await deleting(), /DeleteConflict.*: Cannot delete entity, must detach all policies first\./);
  await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  assert.match(await deleting(), /DeleteConflict.*: Cannot delete entity, must delete policies first\./);
  await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'read' }));
  assert.equal(await deleting(), 'fine');
  assert.equal(
    await refusal(client.send(new GetRoleCommand({ RoleName }))),
    'NoSuchEntityException: The role with name orders-function cannot be found.',
  );
});

test('a stack for a delivery has a managed policy, changes it, and deletes it', async () => {
  const { client } = await IamBench.start();
  const RoleName = 'delivery';
  const trust = trusting('firehose.amazonaws.com');
  await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  const { Policy } = await client.send(
    new CreatePolicyCommand({ PolicyName: 'delivery', PolicyDocument: allowing('s3:PutObject') }),
  );
  const PolicyArn = Policy?.Arn ?? '';
  assert.equal(PolicyArn, `arn:aws:iam::${account}:policy/delivery`);
  await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  const version = await client.send(
    new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allowing('s3:*'), SetAsDefault: true }),
  );
  assert.equal(version.PolicyVersion?.VersionId, 'v2');
  const seen = await client.send(new GetPolicyCommand({ PolicyArn }));
  assert.equal(seen.Policy?.DefaultVersionId, 'v2');
  assert.equal(seen.Policy?.AttachmentCount, 1);
  const document = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
  assert.equal(decodeURIComponent(document.PolicyVersion?.Document ?? ''), allowing('s3:*'));
  const versions = await client.send(new ListPolicyVersionsCommand({ PolicyArn }));
  assert.deepEqual(
    versions.Versions?.map(({ VersionId }) => VersionId),
    ['v2', 'v1'],
  );
  await client.send(
    new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trusting('lambda.amazonaws.com') }),
  );

  const deleting = () => refusal(client.send(new DeletePolicyCommand({ PolicyArn })));
  assert.match(await deleting(), /DeleteConflict.*: Cannot delete a policy attached to entities\./);
  await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  assert.match(await deleting(), /DeleteConflict.*: This policy has more than one version\./);
  const removing = (VersionId: string) =>
    refusal(client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })));
  assert.match(await removing('v2'), /DeleteConflict.*: Cannot delete the default version of a policy\./);
  assert.equal(await removing('v1'), 'fine');
  assert.equal(await deleting(), 'fine');
  assert.equal(await refusal(client.send(new DeleteRoleCommand({ RoleName }))), 'fine');
});
