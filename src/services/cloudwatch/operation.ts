import type { Operation } from '../../rpc/operation.ts';
import type { AnswerShape } from '../../wire/protocol.ts';
import type { StructureShape } from '../../wire/shape.ts';
import type { CloudWatchWorld } from './world.ts';

/** An operation of CloudWatch. All are the owner's, who alone has the metrics. */
export function operation<Input extends StructureShape, Output extends AnswerShape>(
  declaration: Omit<Operation<CloudWatchWorld, Input, Output>, 'runs'>,
): Operation<CloudWatchWorld, Input, Output> {
  return { ...declaration, runs: 'owner' };
}
