import type { Operation } from '../../rpc/operation.ts';
import type { AnswerShape } from '../../wire/protocol.ts';
import type { StructureShape } from '../../wire/shape.ts';
import type { StsWorld } from './world.ts';

/** An operation of STS. Sessions are stored nowhere, so every thread makes them. */
export function operation<Input extends StructureShape, Output extends AnswerShape>(
  declaration: Omit<Operation<StsWorld, Input, Output>, 'runs'>,
): Operation<StsWorld, Input, Output> {
  return { ...declaration, runs: 'here' };
}
