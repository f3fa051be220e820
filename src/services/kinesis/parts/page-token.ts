import { limits } from '../../../kinesis/limits.ts';
import type { Caller } from '../../../rpc/operation.ts';
import type { TokenField } from '../../../stream/token.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import type { Service } from '../service.ts';

/**
 * A token for the next page of an operation: remembers where that begins, for 300 seconds, for its account in
 * its region.
 */
export function sealPageToken(
  { tokens, clock }: Service,
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
  { tokens, clock }: Service,
  operation: string,
  caller: Caller,
  token: string,
): readonly TokenField[] {
  const [issuedAt, ...value] = tokens.unseal(purposeOf(operation, caller), token) ?? [];
  if (issuedAt === undefined) throw new ServiceError('InvalidArgumentException', 'Invalid NextToken.');
  if (clock.now() - Number(issuedAt) > limits.pageTokenLifeMs) {
    throw new ServiceError('ExpiredNextTokenException', 'The NextToken is expired.');
  }
  return value;
}

function purposeOf(operation: string, { account, region }: Caller): string {
  return `${operation}/${account}/${region}`;
}
