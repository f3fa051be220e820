import { hash } from 'node:crypto';
import { partitionOf } from '../kinesis/arn.ts';
import type { Caller } from './caller.ts';
import type { Verified } from './sigv4/sigv4.ts';
import { base32Letters } from './unique-id.ts';

/** A caller that may do everything in its account, and is called `user` in it. */
export function profileCaller(
  { accessKeyId, region }: Verified,
  account: string,
  user: string,
  kind: 'profile' | 'anyone',
): Caller {
  const arn = `arn:${partitionOf(region)}:iam::${account}:user/${user}`;
  return { account, region, arn, userId: userIdOf(account, user), accessKeyId, principal: { kind } };
}

/**
 * In the form of IAM's user ids: `AIDA` and 17 letters and digits of base32 (IAM user guide, "IAM
 * identifiers"). Derived from the user's name, so it is always the same.
 */
function userIdOf(account: string, user: string): string {
  const bytes = hash('sha256', `${account}/${user}`, 'buffer');
  return `AIDA${base32Letters(bytes.subarray(0, 17))}`;
}
