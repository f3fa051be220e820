import { hash } from 'node:crypto';
import type { Caller } from '../../access/caller.ts';
import { partitionOf } from '../../kinesis/arn.ts';
import type { Operation } from '../../rpc/operation.ts';
import { string, structure } from '../../wire/shape.ts';

const input = structure('GetCallerIdentityRequest', {});
// In the order in which AWS answers them (STS API reference, GetCallerIdentity, example).
const output = structure('GetCallerIdentityResponse', { Arn: string(), UserId: string(), Account: string() });

/** Any caller may ask, whatever else it is allowed. */
export const getCallerIdentity: Operation<unknown, typeof input, typeof output> = {
  name: 'GetCallerIdentity',
  summary: 'Tells the account and the user that a request is signed by.',
  runs: 'here',
  input,
  output,
  prepare: (_, __, caller) => ({ resource: '*', run: async () => identityOf(caller) }),
};

function identityOf({ account, region, user }: Caller): { Arn: string; UserId: string; Account: string } {
  const arn = `arn:${partitionOf(region)}:iam::${account}:user/${user}`;
  return { Arn: arn, UserId: userIdOf(`${account}/${user}`), Account: account };
}

/**
 * In the form of IAM's user ids: `AIDA` and 17 letters and digits of base32 (IAM user guide, "IAM
 * identifiers"). Derived from the user's name, so it is always the same.
 */
function userIdOf(user: string): string {
  const bytes = hash('sha256', user, 'buffer');
  return `AIDA${Array.from(bytes.subarray(0, 17), (byte) => base32[byte & 31]).join('')}`;
}

/** RFC 4648 §6. */
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
