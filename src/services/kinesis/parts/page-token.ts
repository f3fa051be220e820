import type { Caller } from '../../../access/caller.ts';
import { limits } from '../../../kinesis/limits.ts';
import type { TokenField } from '../../../stream/token.ts';
import { invalidArgument, kinesisError } from '../errors.ts';
import type { KinesisWorld } from '../world.ts';

/**
 * A token for the next page of an operation: remembers where that begins, for 300 seconds, for its account in
 * its region.
 */
export function sealPageToken(
  { tokens, clock }: KinesisWorld,
  operation: string,
  caller: Caller,
  value: readonly TokenField[],
): string {
  return tokens.seal(purposeOf(operation, caller), [clock.now(), ...value]);
}

/**
 * What the token remembers. InvalidArgumentException for what this operation never issued to this account in
 * this region, ExpiredNextTokenException when it is too old.
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
