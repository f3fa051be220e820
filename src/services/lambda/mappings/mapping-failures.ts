import type { Caller } from '../../../access/caller.ts';
import type { OutputOf } from '../../../wire/shape.ts';
import { notFound } from '../errors.ts';
import { type FailureRecord, failureKeyOf, type LambdaState } from '../state/lambda-state.ts';
import type { mappingFailure } from './mapping-shapes.ts';
import { requireMapping } from './mapping-target.ts';

/** A failure by its number. */
export type NumberedFailure = { readonly number: number; readonly failure: FailureRecord };

/** Those of a mapping, the oldest first. */
export function failuresOf(state: LambdaState, uuid: string): NumberedFailure[] {
  return Array.from(state.within('failure', `${uuid}/`), ([key, failure]) => ({
    number: Number(key.slice(uuid.length + 1)),
    failure,
  }));
}

/** Whether nobody has sent it again with success. */
export function isPending({ failure }: NumberedFailure): boolean {
  return failure.redrivenAt === undefined;
}

/** ResourceNotFoundException when the mapping has none of that number, or no more. */
export function requireFailure(
  state: LambdaState,
  uuid: string,
  number: number,
  caller: Caller,
): FailureRecord {
  requireMapping(state, uuid, caller);
  const failure = state.get('failure', failureKeyOf(uuid, number));
  if (failure === undefined) throw notFound(`The mapping has no failure ${number}.`);
  return failure;
}

export function viewFailure({ number, failure }: NumberedFailure): OutputOf<typeof mappingFailure> {
  return {
    Number: number,
    Timestamp: failure.at,
    ShardId: failure.shardId,
    Condition: failure.condition,
    FirstSequenceNumber: failure.firstSequenceNumber,
    LastSequenceNumber: failure.lastSequenceNumber,
    RecordCount: failure.records,
    Error: failure.error,
    Delivery: failure.delivery,
    HasData: failure.data !== undefined,
    RedriveTimestamp: failure.redrivenAt,
  };
}
