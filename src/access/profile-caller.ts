import { hash } from 'node:crypto';
import type { Caller } from './caller.ts';
import type { Signed } from './principals.ts';

/** A caller that may do everything in its account, and is called `user` in it. */
export function profileCaller(
  { accessKeyId, region, partition }: Signed,
  account: string,
  user: string,
  kind: 'profile' | 'anyone',
): Caller {
  const arn = `arn:${partition}:iam::${account}:user/${user}`;
  return { account, region, arn, userId: userIdOf(account, user), accessKeyId, principal: { kind } };
}

/**
 * In the form of IAM's user ids: `AIDA` and 17 letters and digits of base32 (IAM user guide, "IAM
 * identifiers"). Derived from the user's name, so it is always the same.
 */
function userIdOf(account: string, user: string): string {
  const bytes = hash('sha256', `${account}/${user}`, 'buffer');
  return `AIDA${Array.from(bytes.subarray(0, 17), (byte) => base32[byte & 31]).join('')}`;
}

/** RFC 4648 §6. */
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
