import type { Caller } from '../../../access/caller.ts';
import type { Named } from '../../../access/identity/state.ts';
import { partitionOf } from '../../../kinesis/arn.ts';

/** The types of resources of an account, as ARNs name them (service authorization reference, IAM). */
type ArnType = 'user' | 'group' | 'role' | 'policy';

/** `arn:aws:iam::ACCOUNT:user/PATH/NAME`, of the partition that the caller's region is in. */
export function arnOf(
  { account, region }: Pick<Caller, 'account' | 'region'>,
  type: ArnType,
  { path, name }: Pick<Named, 'path' | 'name'>,
): string {
  return `arn:${partitionOf(region)}:iam::${account}:${type}${path}${name}`;
}

/** An ARN of a managed policy as the state has it, of the caller's partition. */
export function shownArn(arn: string, { region }: Pick<Caller, 'region'>): string {
  return arn.replace(/^arn:aws:/, `arn:${partitionOf(region)}:`);
}
