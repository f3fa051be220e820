import type { Caller } from '../../../access/caller.ts';
import type { Named } from '../../../access/identity/state.ts';
import { partitionIn } from '../../../kinesis/arn.ts';

/** The types of resources of an account, as ARNs name them (service authorization reference, IAM). */
type ArnType = 'user' | 'group' | 'role' | 'policy';

/** `arn:aws:iam::ACCOUNT:user/PATH/NAME`, of the partition that the caller is of. */
export function arnOf(
  { account, arn }: Pick<Caller, 'account' | 'arn'>,
  type: ArnType,
  { path, name }: Pick<Named, 'path' | 'name'>,
): string {
  return `arn:${partitionIn(arn)}:iam::${account}:${type}${path}${name}`;
}

/** An ARN of a managed policy as the state has it, of the caller's partition. */
export function shownArn(arn: string, caller: Pick<Caller, 'arn'>): string {
  return arn.replace(/^arn:aws:/, `arn:${partitionIn(caller.arn)}:`);
}

/** An ARN of any partition, as the state has it. */
export function keptArn(arn: string): string {
  return arn.replace(/^arn:aws[a-z-]*:/, 'arn:aws:');
}
