import { parseStreamOf, partitionOf } from '../kinesis/arn.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { Caller, Operation } from './operation.ts';

/**
 * AccessDeniedException when the caller may not do this: so far, when what it names belongs to another
 * account.
 */
export function authorize(operation: Operation, input: NamedByArn, caller: Caller): void {
  for (const arn of [input.StreamARN, input.ConsumerARN, input.ResourceARN]) {
    const owner = typeof arn === 'string' ? parseStreamOf(arn)?.account : undefined;
    // What is no ARN of anything is the operation's to refuse.
    if (owner !== undefined && owner !== caller.account) {
      throw accessDenied(operation.name, arn as string, caller);
    }
  }
}

type NamedByArn = {
  readonly StreamARN?: unknown;
  readonly ConsumerARN?: unknown;
  readonly ResourceARN?: unknown;
};

/** What a caller hears who may not do this with what `arn` names. */
export function accessDenied(
  operationName: string,
  arn: string,
  { account, region, user }: Caller,
): ServiceError {
  const action = `kinesis:${operationName}`;
  return new ServiceError(
    'AccessDeniedException',
    `User: arn:${partitionOf(region)}:iam::${account}:user/${user} is not authorized to perform: ${action} ` +
      `on resource: ${arn} because no resource-based policy allows the ${action} action`,
  );
}
