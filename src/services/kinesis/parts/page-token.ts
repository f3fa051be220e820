import type { Caller } from '../../../access/caller.ts';
import { limits } from '../../../kinesis/limits.ts';
import type { TokenField } from '../../../stream/token.ts';
import { invalidArgument, kinesisError } from '../errors.ts';
import type { KinesisWorld } from '../world.ts';

/** A token for an operation's next page, good for 300 seconds and for its account in its region. */
export function sealPageToken(
  { tokens, clock }: KinesisWorld,
  operation: string,
  caller: Caller,
  value: readonly TokenField[],
): string {
  return tokens.seal(purposeOf(operation, caller), [clock.now(), ...value]);
}

/**
 * What the token holds. InvalidArgumentException for one that this operation did not issue to this account in
 * this region, ExpiredNextTokenException for one that is too old.
 */
export function openPageToken(
  { tokens, clock }: KinesisWorld,
  operation: string,
  caller: Caller,
  token: string,
): readonly TokenField[] {
  const [issuedAt, ...value] = tokens.unseal(purposeOf(operation, caller), token) ?? [];
  if (issuedAt === undefined) throw invalidArgument('Invalid NextToken.');
  if (clock.now() - Number(issuedAt) > limits.pageTokenLifeMs) {
    throw kinesisError('ExpiredNextTokenException', 'The NextToken is expired.');
  }
  return value;
}

function purposeOf(operation: string, { account, region }: Caller): string {
  return `${operation}/${account}/${region}`;
}
