import type { Operation } from '../../rpc/operation.ts';
import type { AnswerShape } from '../../wire/protocol.ts';
import type { StructureShape } from '../../wire/shape.ts';
import type { KinesisWorld } from './world.ts';

/** Checks at compile time that a declaration fits together; changes nothing. */
export function operation<Input extends StructureShape, Output extends AnswerShape>(
  declaration: Operation<KinesisWorld, Input, Output> & KinesisRate,
): Operation<KinesisWorld, Input, Output> {
  return declaration;
}

type KinesisRate = { readonly rate?: { readonly per: 'account' | 'stream' } };
