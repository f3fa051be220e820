import type { Operation } from '../../rpc/operation.ts';
import type { AnswerShape } from '../../wire/protocol.ts';
import type { StructureShape } from '../../wire/shape.ts';
import type { MillraceWorld } from './world.ts';

/** Checks at compile time that a declaration fits together; changes nothing. */
export function operation<Input extends StructureShape, Output extends AnswerShape>(
  declaration: Operation<MillraceWorld, Input, Output>,
): Operation<MillraceWorld, Input, Output> {
  return declaration;
}
