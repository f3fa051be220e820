import type { Caller } from '../../src/access/caller.ts';
import { profileCaller } from '../../src/access/profile-caller.ts';
import { partitionOf } from '../../src/kinesis/arn.ts';

/** A caller that may do everything in an account. */
export function aCaller(
  name = 'alice',
  account = '000000000000',
  region = 'us-east-1',
  kind: 'profile' | 'anyone' = 'profile',
): Caller {
  return profileCaller(
    { accessKeyId: name, region, service: 'kinesis', partition: partitionOf(region) },
    account,
    name,
    kind,
  );
}
