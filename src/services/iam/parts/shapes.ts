import {
  boolean,
  integer,
  list,
  required,
  type StructureShape,
  string,
  structure,
  timestamp,
} from '../../../wire/shape.ts';

// Constraints of shared shapes, from the service's model (IAM API reference, data types). An answer's
// members have none: they come from requests that were checked.

const name = { min: 1, max: 128, pattern: '[\\w+=,.@-]+' };

export const existingUserName = string(name);
export const newUserName = string({ ...name, max: 64 });
export const groupName = string(name);
export const roleName = string({ ...name, max: 64 });
export const policyName = string(name);
export const accessKeyId = string({ min: 16, max: 128, pattern: '[\\w]+' });
export const arn = string({ min: 20, max: 2048 });
export const path = string({ min: 1, max: 512, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' });
export const pathPrefix = string({ min: 1, max: 512, pattern: '\\u002F[\\u0021-\\u007F]*' });
export const policyPath = string({ min: 1, max: 512, pattern: '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/' });
export const policyDocument = string({
  min: 1,
  max: 131_072,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
});
export const policyVersionId = string({ pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' });
export const policyDescription = string({ max: 1000 });
export const roleDescription = string({
  max: 1000,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
});
export const sessionSeconds = integer({ min: 3600, max: 43_200 });
const tagKey = string({ min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' });

export const tag = structure('Tag', {
  Key: required(tagKey),
  Value: required(string({ min: 0, max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' })),
});
export const tags = list(tag, { max: 50 });
export const tagKeys = list(tagKey, { max: 50 });

/** Members of a request for a page. */
export const paging = {
  Marker: string({ min: 1, max: 320, pattern: '[\\u0020-\\u00FF]+' }),
  MaxItems: integer({ min: 1, max: 1000 }),
};

/** Members of an answer that is a page. */
export const paged = { IsTruncated: boolean(), Marker: string() };

const boundary = structure('AttachedPermissionsBoundary', {
  PermissionsBoundaryType: string(),
  PermissionsBoundaryArn: string(),
});

export const user = structure('User', {
  Path: required(string()),
  UserName: required(string()),
  UserId: required(string()),
  Arn: required(string()),
  CreateDate: required(timestamp()),
  PasswordLastUsed: timestamp(),
  PermissionsBoundary: boundary,
  Tags: tags,
});

export const group = structure('Group', {
  Path: required(string()),
  GroupName: required(string()),
  GroupId: required(string()),
  Arn: required(string()),
  CreateDate: required(timestamp()),
});

const roleLastUsed = structure('RoleLastUsed', { LastUsedDate: timestamp(), Region: string() });

const roleMembers = {
  Path: required(string()),
  RoleName: required(string()),
  RoleId: required(string()),
  Arn: required(string()),
  CreateDate: required(timestamp()),
  AssumeRolePolicyDocument: string(),
  Description: string(),
  MaxSessionDuration: integer(),
  PermissionsBoundary: boundary,
  Tags: tags,
  RoleLastUsed: roleLastUsed,
};

export const role = structure('Role', roleMembers);

export const instanceProfile = structure('InstanceProfile', {
  Path: required(string()),
  InstanceProfileName: required(string()),
  InstanceProfileId: required(string()),
  Arn: required(string()),
  CreateDate: required(timestamp()),
  Roles: required(list(role)),
  Tags: tags,
});

const policyMembers = {
  PolicyName: string(),
  PolicyId: string(),
  Arn: string(),
  Path: string(),
  DefaultVersionId: string(),
  AttachmentCount: integer(),
  PermissionsBoundaryUsageCount: integer(),
  IsAttachable: boolean(),
  Description: string(),
  CreateDate: timestamp(),
  UpdateDate: timestamp(),
};

export const policy = structure('Policy', { ...policyMembers, Tags: tags });

export const policyVersion = structure('PolicyVersion', {
  Document: string(),
  VersionId: string(),
  IsDefaultVersion: boolean(),
  CreateDate: timestamp(),
});

export const attachedPolicy = structure('AttachedPolicy', { PolicyName: string(), PolicyArn: string() });

const policyDetail = structure('PolicyDetail', { PolicyName: string(), PolicyDocument: string() });

export const userDetail = structure('UserDetail', {
  Path: string(),
  UserName: string(),
  UserId: string(),
  Arn: string(),
  CreateDate: timestamp(),
  UserPolicyList: list(policyDetail),
  GroupList: list(string()),
  AttachedManagedPolicies: list(attachedPolicy),
  PermissionsBoundary: boundary,
  Tags: tags,
});

export const groupDetail = structure('GroupDetail', {
  Path: string(),
  GroupName: string(),
  GroupId: string(),
  Arn: string(),
  CreateDate: timestamp(),
  GroupPolicyList: list(policyDetail),
  AttachedManagedPolicies: list(attachedPolicy),
});

export const roleDetail = structure('RoleDetail', {
  Path: string(),
  RoleName: string(),
  RoleId: string(),
  Arn: string(),
  CreateDate: timestamp(),
  AssumeRolePolicyDocument: string(),
  InstanceProfileList: list(instanceProfile),
  RolePolicyList: list(policyDetail),
  AttachedManagedPolicies: list(attachedPolicy),
  PermissionsBoundary: boundary,
  Tags: tags,
  RoleLastUsed: roleLastUsed,
});

export const managedPolicyDetail = structure('ManagedPolicyDetail', {
  ...policyMembers,
  PolicyVersionList: list(policyVersion),
});

/** A request without members. */
export function emptyRequest(name: string): StructureShape<Record<never, never>> {
  return structure(name, {});
}
