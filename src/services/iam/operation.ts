import type { Operation } from '../../rpc/operation.ts';
import type { AnswerShape } from '../../wire/protocol.ts';
import type { StructureShape } from '../../wire/shape.ts';
import type { IamWorld } from './world.ts';

/** An operation of IAM. All are the owner's, who alone commits. */
export function operation<Input extends StructureShape, Output extends AnswerShape>(
  declaration: Omit<Operation<IamWorld, Input, Output>, 'runs'>,
): Operation<IamWorld, Input, Output> {
  return { ...declaration, runs: 'owner' };
}

/** Any of IAM's operations. */
export type IamOperation = Operation<IamWorld>;
