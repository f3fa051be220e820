import type { Caller } from '../../../access/caller.ts';
import { policyNamed } from '../../../access/identity/lookup.ts';
import type {
  Group,
  Identity,
  ManagedPolicy,
  PolicyVersion,
  Role,
  User,
} from '../../../access/identity/state.ts';
import type { OutputOf } from '../../../wire/shape.ts';
import { arnOf, shownArn } from './arn.ts';
import type { attachedPolicy, group, policyVersion, role, user } from './shapes.ts';
import { shownTags } from './tags.ts';
import { urlText } from './url-text.ts';

// What answers show. Lists leave out what only one thing's own operation answers (IAM API reference,
// ListUsers, ListRoles: "this operation does not return the following attributes").

type Viewed<Shape> = OutputOf<Shape>;

export function viewUser(one: User, caller: Caller): Viewed<typeof user> {
  return { ...listedUser(one, caller), PermissionsBoundary: viewBoundary(one, caller), Tags: tagsOf(one) };
}

export function listedUser(one: User, caller: Caller): Viewed<typeof user> {
  return {
    Path: one.path,
    UserName: one.name,
    UserId: one.id,
    Arn: arnOf(caller, 'user', one),
    CreateDate: wholeSecond(one.createdAt),
  };
}

export function viewGroup(one: Group, caller: Caller): Viewed<typeof group> {
  return {
    Path: one.path,
    GroupName: one.name,
    GroupId: one.id,
    Arn: arnOf(caller, 'group', one),
    CreateDate: wholeSecond(one.createdAt),
  };
}

export function viewRole(one: Role, caller: Caller): Viewed<typeof role> {
  return { ...listedRole(one, caller), PermissionsBoundary: viewBoundary(one, caller), Tags: tagsOf(one) };
}

export function listedRole(one: Role, caller: Caller): Viewed<typeof role> {
  return {
    Path: one.path,
    RoleName: one.name,
    RoleId: one.id,
    Arn: arnOf(caller, 'role', one),
    CreateDate: wholeSecond(one.createdAt),
    AssumeRolePolicyDocument: urlText(one.trust),
    Description: one.description === '' ? undefined : one.description,
    MaxSessionDuration: one.sessionSecondsMax,
  };
}

export function viewVersion(
  { id, createdAt, document }: PolicyVersion,
  { defaultVersion }: Pick<ManagedPolicy, 'defaultVersion'>,
  part: 'whole' | 'listed',
): Viewed<typeof policyVersion> {
  return {
    Document: part === 'whole' ? urlText(document) : undefined,
    VersionId: id,
    IsDefaultVersion: id === defaultVersion,
    CreateDate: wholeSecond(createdAt),
  };
}

export function viewAttached(arn: string, caller: Caller): Viewed<typeof attachedPolicy> {
  return { PolicyName: policyNamed(arn)!.name, PolicyArn: shownArn(arn, caller) };
}

export function viewInline({ inline }: Identity) {
  return inline.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: urlText(document) }));
}

export function viewBoundary({ boundary }: Pick<User, 'boundary'>, caller: Caller) {
  if (boundary === null) return undefined;
  return {
    PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
    PermissionsBoundaryArn: shownArn(boundary, caller),
  };
}

/** Without tags there is no list of them. */
export function tagsOf({ tags }: Pick<User, 'tags'>) {
  return tags.length === 0 ? undefined : shownTags(tags);
}

/** IAM's times are in whole seconds. */
export function wholeSecond(time: number): number {
  return Math.floor(time / 1000) * 1000;
}
