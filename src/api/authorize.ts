import { parseStreamArn } from '../kinesis/arn.ts';
import { KinesisError } from '../kinesis/error.ts';
import type { Caller, Operation } from './operation.ts';

/** AccessDeniedException when the caller may not do this: so far, when what it names belongs to another account. */
export function authorize(operation: Operation, input: NamedByArn, caller: Caller): void {
  for (const arn of [input.StreamARN, input.ConsumerARN, input.ResourceARN]) {
    if (typeof arn === 'string') requireOwnAccount(operation.name, arn, caller);
  }
}

type NamedByArn = {
  readonly StreamARN?: unknown;
  readonly ConsumerARN?: unknown;
  readonly ResourceARN?: unknown;
};

/** The same for a stream, or what belongs to one, that the request does not name by a member. */
export function requireOwnAccount(operationName: string, arn: string, caller: Caller): void {
  const owner = parseStreamArn(arn)?.account;
  if (owner === undefined || owner === caller.account) return;
  const action = `kinesis:${operationName}`;
  throw new KinesisError(
    'AccessDeniedException',
    `User: arn:aws:iam::${caller.account}:user/${caller.user} is not authorized to perform: ${action} ` +
      `on resource: ${arn} because no resource-based policy allows the ${action} action`,
  );
}
