import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../../src/services/iam/operations.ts';
import { allowing, IamBench, trusting } from './iam-bench.ts';

const document = allowing('kinesis:*');
const trust = trusting('lambda.amazonaws.com');
const PolicyArn = 'arn:aws:iam::111111111111:policy/read';
const user = { UserName: 'ann' };
const group = { GroupName: 'shop' };
const role = { RoleName: 'reader' };
const inline = { PolicyName: 'p' };
const tag = { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': '1' };
const untag = { 'TagKeys.member.1': 'a' };
const asked = { 'ActionNames.member.1': 'kinesis:PutRecord' };

/** The id of the key that `CreateAccessKey` made. */
const madeKey = 'AKIA…';

/** A life of everything, from the first call to the last; a text that the answer has. */
const calls: readonly (readonly [
  operation: string,
  input: Readonly<Record<string, string>>,
  has?: string,
])[] = [
  ['CreateUser', { ...user, Path: '/x/' }, 'user/x/ann'],
  ['GetUser', user, '<UserName>ann<'],
  ['ListUsers', {}, '<UserName>ann<'],
  ['UpdateUser', { ...user, NewPath: '/' }],
  ['CreateAccessKey', user, '<SecretAccessKey>'],
  ['ListAccessKeys', user, '<Status>Active<'],
  ['UpdateAccessKey', { ...user, AccessKeyId: madeKey, Status: 'Inactive' }],
  ['GetAccessKeyLastUsed', { AccessKeyId: madeKey }, '<UserName>ann<'],
  ['CreateGroup', group, 'group/shop'],
  ['ListGroups', {}, '<GroupName>shop<'],
  ['UpdateGroup', { ...group, NewPath: '/x/' }],
  ['AddUserToGroup', { ...group, ...user }],
  ['GetGroup', group, '<UserName>ann<'],
  ['ListGroupsForUser', user, 'group/x/shop'],
  ['CreateRole', { ...role, AssumeRolePolicyDocument: trust }, 'role/reader'],
  ['GetRole', role, '<RoleName>reader<'],
  ['ListRoles', {}, '<RoleName>reader<'],
  ['UpdateRole', { ...role, Description: 'a', MaxSessionDuration: '3600' }],
  ['UpdateRoleDescription', { ...role, Description: 'b' }, '<Description>b<'],
  ['UpdateAssumeRolePolicy', { ...role, PolicyDocument: trust }],
  ['ListInstanceProfilesForRole', role, '<InstanceProfiles>'],
  ['CreatePolicy', { PolicyName: 'read', PolicyDocument: document }, PolicyArn],
  ['GetPolicy', { PolicyArn }, '<DefaultVersionId>v1<'],
  ['ListPolicies', { Scope: 'Local' }, PolicyArn],
  ['CreatePolicyVersion', { PolicyArn, PolicyDocument: document }, '<IsDefaultVersion>false<'],
  ['SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v2' }],
  ['ListPolicyVersions', { PolicyArn }, '<VersionId>v2</VersionId><IsDefaultVersion>true<'],
  ['GetPolicyVersion', { PolicyArn, VersionId: 'v2' }, 'kinesis%3A%2A'],
  ['DeletePolicyVersion', { PolicyArn, VersionId: 'v1' }],
  ['PutUserPolicy', { ...user, ...inline, PolicyDocument: document }],
  ['GetUserPolicy', { ...user, ...inline }, '<UserName>ann<'],
  ['ListUserPolicies', user, '<member>p<'],
  ['PutGroupPolicy', { ...group, ...inline, PolicyDocument: document }],
  ['GetGroupPolicy', { ...group, ...inline }, '<GroupName>shop<'],
  ['ListGroupPolicies', group, '<member>p<'],
  ['PutRolePolicy', { ...role, ...inline, PolicyDocument: document }],
  ['GetRolePolicy', { ...role, ...inline }, '<RoleName>reader<'],
  ['ListRolePolicies', role, '<member>p<'],
  ['AttachUserPolicy', { ...user, PolicyArn }],
  ['ListAttachedUserPolicies', user, PolicyArn],
  ['AttachGroupPolicy', { ...group, PolicyArn }],
  ['ListAttachedGroupPolicies', group, PolicyArn],
  ['AttachRolePolicy', { ...role, PolicyArn }],
  ['ListAttachedRolePolicies', role, PolicyArn],
  ['ListEntitiesForPolicy', { PolicyArn }, '<RoleName>reader<'],
  ['PutUserPermissionsBoundary', { ...user, PermissionsBoundary: PolicyArn }],
  ['PutRolePermissionsBoundary', { ...role, PermissionsBoundary: PolicyArn }],
  ['TagUser', { ...user, ...tag }],
  ['ListUserTags', user, '<Key>a<'],
  ['UntagUser', { ...user, ...untag }],
  ['TagRole', { ...role, ...tag }],
  ['ListRoleTags', role, '<Key>a<'],
  ['UntagRole', { ...role, ...untag }],
  ['TagPolicy', { PolicyArn, ...tag }],
  ['ListPolicyTags', { PolicyArn }, '<Key>a<'],
  ['UntagPolicy', { PolicyArn, ...untag }],
  ['GetAccountSummary', {}, '<key>Roles</key><value>1<'],
  ['ListAccountAliases', {}, '<AccountAliases>'],
  ['GetAccountAuthorizationDetails', {}, '<RoleDetailList><member>'],
  ['SimulateCustomPolicy', { ...asked, 'PolicyInputList.member.1': document }, '<EvalDecision>allowed<'],
  [
    'SimulatePrincipalPolicy',
    { ...asked, PolicySourceArn: 'arn:aws:iam::111111111111:role/reader' },
    '<EvalDecision>allowed<',
  ],
  ['DeleteUserPermissionsBoundary', user],
  ['DeleteRolePermissionsBoundary', role],
  ['DetachUserPolicy', { ...user, PolicyArn }],
  ['DetachGroupPolicy', { ...group, PolicyArn }],
  ['DetachRolePolicy', { ...role, PolicyArn }],
  ['DeleteUserPolicy', { ...user, ...inline }],
  ['DeleteGroupPolicy', { ...group, ...inline }],
  ['DeleteRolePolicy', { ...role, ...inline }],
  ['DeletePolicy', { PolicyArn }],
  ['DeleteRole', role],
  ['RemoveUserFromGroup', { ...group, ...user }],
  ['DeleteGroup', group],
  ['DeleteAccessKey', { ...user, AccessKeyId: madeKey }],
  ['DeleteUser', user],
];

test('every operation does its part in a life of everything, after which nothing is left', async () => {
  const bench = await IamBench.start();
  for (const [Action, input, has = ''] of calls) {
    const [id = ''] = bench.identity.state.accessKeys.keys();
    const named = input['AccessKeyId'] === undefined ? input : { ...input, AccessKeyId: id };
    const told = await bench.post({ Action, ...named });
    assert.ok(told.startsWith('200 ') && told.includes(has), `${Action} answered ${told}`);
  }
  assert.deepEqual([...operations.keys()].sort(), calls.map(([operation]) => operation).sort());
  assert.equal(bench.identity.state.characters, 0);
});
