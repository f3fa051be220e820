import { parseStreamArn } from '../kinesis/arn.ts';
import { KinesisError } from '../kinesis/error.ts';
import type { Caller, Operation } from './operation.ts';

/** AccessDeniedException when the caller may not do this: so far, when the stream belongs to another account. */
export function authorize(operation: Operation, input: { StreamARN?: unknown }, caller: Caller): void {
  const { StreamARN: arn } = input;
  if (typeof arn !== 'string') return;
  const owner = parseStreamArn(arn)?.account;
  if (owner === undefined || owner === caller.account) return;
  const action = `kinesis:${operation.name}`;
  throw new KinesisError(
    'AccessDeniedException',
    `User: arn:aws:iam::${caller.account}:user/${caller.user} is not authorized to perform: ${action} ` +
      `on resource: ${arn} because no resource-based policy allows the ${action} action`,
  );
}
