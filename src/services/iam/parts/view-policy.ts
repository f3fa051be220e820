import type { Caller } from '../../../access/caller.ts';
import type { ManagedPolicy } from '../../../access/identity/state.ts';
import { arnOf, keptArn } from './arn.ts';
import type { Attachments } from './attachments.ts';
import { tagsOf, wholeSecond } from './view.ts';

/** A managed policy as its own operation answers it. The owner is an account, or `aws`. */
export function viewPolicy(one: ManagedPolicy, owner: string, attachments: Attachments, caller: Caller) {
  return {
    ...listedPolicy(one, owner, attachments, caller),
    Description: one.description === '' ? undefined : one.description,
    Tags: tagsOf(one),
  };
}

/** The same in a list, which leaves out the description and the tags. */
export function listedPolicy(
  one: ManagedPolicy,
  owner: string,
  { attached, boundaries }: Attachments,
  caller: Caller,
) {
  const arn = arnOf({ account: owner, arn: caller.arn }, 'policy', one);
  const kept = keptArn(arn);
  return {
    PolicyName: one.name,
    PolicyId: one.id,
    Arn: arn,
    Path: one.path,
    DefaultVersionId: one.defaultVersion,
    AttachmentCount: attached.get(kept) ?? 0,
    PermissionsBoundaryUsageCount: boundaries.get(kept) ?? 0,
    IsAttachable: true,
    CreateDate: wholeSecond(one.createdAt),
    UpdateDate: wholeSecond(one.versions.at(-1)!.createdAt),
  };
}
