import type { Operation } from '../../rpc/operation.ts';
import type { AnswerShape } from '../../wire/protocol.ts';
import type { StructureShape } from '../../wire/shape.ts';
import type { FirehoseWorld } from './world.ts';

/** Checks at compile time that a declaration fits together; changes nothing. */
export function operation<Input extends StructureShape, Output extends AnswerShape>(
  declaration: Operation<FirehoseWorld, Input, Output>,
): Operation<FirehoseWorld, Input, Output> {
  return declaration;
}
