import assert from 'node:assert/strict';
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteGroupPolicyCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetGroupCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  IAMServiceException,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListInstanceProfilesForRoleCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { allowing, IamBench, rootOf, trusting } from '../services/iam/iam-bench.ts';
import type { MotoServer } from './moto-server.ts';

/** A call, and where moto is not like AWS: why, and what Millrace answers among other things. */
type Step = {
  readonly call: (client: IAMClient) => Promise<object>;
  readonly unlike?: readonly [because: string, ours: object];
};

const account = '123456789012';
const own = `arn:aws:iam::${account}:policy/team/read`;
const trust = trusting('lambda.amazonaws.com');
const role = { RoleName: 'reader' };
const policy = allowing('kinesis:GetRecords');
const older = 'moto has another text.';
const whole = 'moto answers documents here, which AWS does not.';

const steps: readonly Step[] = [
  { call: (iam) => iam.send(new CreateUserCommand({ UserName: 'ann', Path: '/shop/' })) },
  {
    call: (iam) => iam.send(new CreateUserCommand({ UserName: 'ann' })),
    unlike: [older, { message: 'User with name ann already exists.' }],
  },
  { call: (iam) => iam.send(new GetUserCommand({ UserName: 'ann' })) },
  { call: (iam) => iam.send(new GetUserCommand({ UserName: 'nobody' })) },
  { call: (iam) => iam.send(new CreateUserCommand({ UserName: 'bob' })) },
  { call: (iam) => iam.send(new ListUsersCommand({})) },
  { call: (iam) => iam.send(new ListUsersCommand({ PathPrefix: '/shop/' })) },
  { call: (iam) => iam.send(new UpdateUserCommand({ UserName: 'bob', NewUserName: 'bert' })) },
  { call: (iam) => iam.send(new GetUserCommand({ UserName: 'bert' })) },
  { call: (iam) => iam.send(new CreateAccessKeyCommand({ UserName: 'ann' })) },
  { call: (iam) => iam.send(new ListAccessKeysCommand({ UserName: 'ann' })) },
  { call: (iam) => iam.send(new CreateGroupCommand({ GroupName: 'shop' })) },
  {
    call: (iam) => iam.send(new CreateGroupCommand({ GroupName: 'shop' })),
    unlike: [older, { message: 'Group with name shop already exists.' }],
  },
  { call: (iam) => iam.send(new AddUserToGroupCommand({ GroupName: 'shop', UserName: 'ann' })) },
  { call: (iam) => iam.send(new GetGroupCommand({ GroupName: 'shop' })) },
  { call: (iam) => iam.send(new ListGroupsForUserCommand({ UserName: 'ann' })) },
  {
    call: (iam) =>
      iam.send(new PutGroupPolicyCommand({ GroupName: 'shop', PolicyName: 'p', PolicyDocument: policy })),
  },
  { call: (iam) => iam.send(new ListGroupPoliciesCommand({ GroupName: 'shop' })) },
  { call: (iam) => iam.send(new DeleteGroupPolicyCommand({ GroupName: 'shop', PolicyName: 'p' })) },
  {
    call: (iam) =>
      iam.send(
        new CreateRoleCommand({
          ...role,
          Path: '/functions/',
          AssumeRolePolicyDocument: trust,
          Description: 'reads',
          Tags: [{ Key: 'team', Value: 'shop' }],
        }),
      ),
  },
  { call: (iam) => iam.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: trust })) },
  { call: (iam) => iam.send(new GetRoleCommand(role)) },
  { call: (iam) => iam.send(new UpdateRoleCommand({ ...role, Description: 'reads on' })) },
  { call: (iam) => iam.send(new UpdateAssumeRolePolicyCommand({ ...role, PolicyDocument: trust })) },
  { call: (iam) => iam.send(new TagRoleCommand({ ...role, Tags: [{ Key: 'stage', Value: 'live' }] })) },
  { call: (iam) => iam.send(new UntagRoleCommand({ ...role, TagKeys: ['team'] })) },
  { call: (iam) => iam.send(new ListRoleTagsCommand(role)) },
  { call: (iam) => iam.send(new ListRolesCommand({})) },
  { call: (iam) => iam.send(new ListInstanceProfilesForRoleCommand(role)) },
  {
    call: (iam) => iam.send(new PutRolePolicyCommand({ ...role, PolicyName: 'p', PolicyDocument: policy })),
  },
  { call: (iam) => iam.send(new GetRolePolicyCommand({ ...role, PolicyName: 'p' })) },
  {
    call: (iam) => iam.send(new PutRolePolicyCommand({ ...role, PolicyName: 'p', PolicyDocument: '{}' })),
    unlike: [
      'Millrace says why, after what AWS says.',
      { message: 'Syntax errors in policy. A Statement is not an object.' },
    ],
  },
  {
    call: (iam) =>
      iam.send(new PutUserPolicyCommand({ UserName: 'x', PolicyName: 'p', PolicyDocument: '{' })),
  },
  {
    call: (iam) =>
      iam.send(new CreatePolicyCommand({ PolicyName: 'read', Path: '/team/', PolicyDocument: policy })),
  },
  {
    call: (iam) =>
      iam.send(new CreatePolicyCommand({ PolicyName: 'read', Path: '/team/', PolicyDocument: policy })),
  },
  { call: (iam) => iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn: own })) },
  { call: (iam) => iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn: `${own}-none` })) },
  { call: (iam) => iam.send(new AttachGroupPolicyCommand({ GroupName: 'shop', PolicyArn: own })) },
  { call: (iam) => iam.send(new AttachUserPolicyCommand({ UserName: 'ann', PolicyArn: own })) },
  { call: (iam) => iam.send(new ListAttachedRolePoliciesCommand(role)) },
  { call: (iam) => iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: own })) },
  { call: (iam) => iam.send(new GetPolicyCommand({ PolicyArn: own })) },
  { call: (iam) => iam.send(new ListPoliciesCommand({ Scope: 'Local' })) },
  {
    call: (iam) =>
      iam.send(
        new CreatePolicyVersionCommand({ PolicyArn: own, PolicyDocument: policy, SetAsDefault: true }),
      ),
    unlike: [whole, { PolicyVersion: { VersionId: 'v2', IsDefaultVersion: true } }],
  },
  {
    call: (iam) => iam.send(new ListPolicyVersionsCommand({ PolicyArn: own })),
    unlike: [whole, { Versions: [{ VersionId: 'v2' }, { VersionId: 'v1' }] }],
  },
  { call: (iam) => iam.send(new GetPolicyVersionCommand({ PolicyArn: own, VersionId: 'v2' })) },
  { call: (iam) => iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: own, VersionId: 'v1' })) },
  { call: (iam) => iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: own, VersionId: 'v9' })) },
  { call: (iam) => iam.send(new DeletePolicyVersionCommand({ PolicyArn: own, VersionId: 'v1' })) },
  { call: (iam) => iam.send(new DeletePolicyVersionCommand({ PolicyArn: own, VersionId: 'v2' })) },
  { call: (iam) => iam.send(new DeleteRoleCommand(role)) },
  { call: (iam) => iam.send(new DetachRolePolicyCommand({ ...role, PolicyArn: own })) },
  { call: (iam) => iam.send(new DetachRolePolicyCommand({ ...role, PolicyArn: own })) },
  { call: (iam) => iam.send(new DeleteRoleCommand(role)) },
  { call: (iam) => iam.send(new DeleteRolePolicyCommand({ ...role, PolicyName: 'p' })) },
  { call: (iam) => iam.send(new DeleteRoleCommand(role)) },
  {
    call: (iam) => iam.send(new GetRoleCommand(role)),
    unlike: [older, { message: 'The role with name reader cannot be found.' }],
  },
  {
    call: (iam) => iam.send(new DeleteUserCommand({ UserName: 'ann' })),
    unlike: [
      'moto looks at policies only.',
      { message: 'Cannot delete entity, must remove users from group first.' },
    ],
  },
  { call: (iam) => iam.send(new DetachUserPolicyCommand({ UserName: 'ann', PolicyArn: own })) },
  { call: (iam) => iam.send(new DeleteUserCommand({ UserName: 'nobody' })) },
  {
    call: (iam) => iam.send(new DeletePolicyCommand({ PolicyArn: own })),
    unlike: [
      'moto deletes policies that are attached.',
      { message: 'Cannot delete a policy attached to entities.' },
    ],
  },
];

/** Fails where IAM does not answer as moto does, but where moto is not like AWS. */
export async function compareIam(moto: MotoServer): Promise<void> {
  const bench = await IamBench.start();
  bench.caller = rootOf(account);
  const theirs = new IAMClient({
    endpoint: moto.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  for (const [index, { call, unlike }] of steps.entries()) {
    const [their, our] = [await answerOf(call(theirs)), await answerOf(call(bench.client))];
    const label = `${index}: ${call}`;
    if (unlike === undefined) assert.deepEqual(our, their, label);
    else {
      // What is no longer unlike goes from the list.
      assert.notDeepEqual(our, their, label);
      assert.partialDeepStrictEqual(our, unlike[1], label);
    }
  }
  theirs.destroy();
}

async function answerOf(call: Promise<object>): Promise<object> {
  try {
    return normal(await call);
  } catch (error) {
    if (!(error instanceof IAMServiceException)) throw error;
    return { name: error.name, message: error.message };
  }
}

/**
 * What is by chance is alike, and what AWS answers and moto does not always is left out, with what is empty.
 */
function normal(answer: object): object {
  return JSON.parse(JSON.stringify(answer), (name, value: unknown) => {
    if (name === '$metadata' || name === 'PermissionsBoundaryUsageCount') return undefined;
    if (name === 'IsTruncated' && value === false) return undefined;
    if (/^(Tags|RoleLastUsed)$/.test(name) && Object.keys(value as object).length === 0) return undefined;
    if (/Date$/.test(name)) return 'a date';
    if (/^(User|Group|Role|Policy|AccessKey)Id$/.test(name)) return 'an id';
    if (name === 'SecretAccessKey') return String(value).length;
    if (/Document$/.test(name)) return JSON.parse(decodeURIComponent(String(value))) as unknown;
    return value;
  }) as object;
}
