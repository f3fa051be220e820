import { stateBytesMax } from './lambda-machine.ts';
import {
  type FailureRecord,
  type FunctionRecord,
  failureKeyOf,
  functionKeyOf,
  type LambdaEdit,
  type LambdaState,
  type MappingRecord,
} from './lambda-state.ts';

/** A mapping goes, with its cursors and its failures. */
export function editsOfMappingGone(state: LambdaState, uuid: string): LambdaEdit[] {
  const edits: LambdaEdit[] = [{ kind: 'forgotten', of: 'mapping', key: uuid }];
  for (const [key] of state.within('cursor', `${uuid}/`))
    edits.push({ kind: 'forgotten', of: 'cursor', key });
  for (const [key] of state.within('failure', `${uuid}/`))
    edits.push({ kind: 'forgotten', of: 'failure', key });
  return edits;
}

/** A function goes, with its versions and its aliases. */
export function editsOfFunctionGone(
  state: LambdaState,
  of: Pick<FunctionRecord, 'account' | 'region' | 'name'>,
): LambdaEdit[] {
  const name = functionKeyOf(of);
  const edits: LambdaEdit[] = [{ kind: 'forgotten', of: 'function', key: name }];
  for (const [key] of state.within('version', `${name}:`))
    edits.push({ kind: 'forgotten', of: 'version', key });
  for (const [key] of state.within('alias', `${name}:`)) edits.push({ kind: 'forgotten', of: 'alias', key });
  return edits;
}

/** More failures of a mapping are not listed: the oldest go. */
export const failuresMax = 1000;

/**
 * A mapping's next failure, and the mapping with the number after it. So that failures take no more than
 * there is room for, the oldest of the mapping are forgotten: what is above `failuresMax`, and two for each
 * new one where the state is full.
 */
export function editsOfFailure(
  state: LambdaState,
  mapping: MappingRecord,
  failure: FailureRecord,
  bytesMax = stateBytesMax,
): LambdaEdit[] {
  const { uuid, nextFailure: number } = mapping;
  const edits: LambdaEdit[] = [
    { kind: 'said', of: 'failure', key: failureKeyOf(uuid, number), value: failure },
    { kind: 'said', of: 'mapping', key: uuid, value: { ...mapping, nextFailure: number + 1 } },
  ];
  const before = failureKeyOf(uuid, Math.max(0, number + 1 - failuresMax));
  // Those of the same commit before it have taken the oldest already.
  const nth = number - (state.get('mapping', uuid)?.nextFailure ?? number);
  let left = state.bytes > bytesMax ? 2 * (nth + 1) : 0;
  for (const [key] of state.within('failure', `${uuid}/`)) {
    if (key >= before && left-- <= 0) break;
    edits.push({ kind: 'forgotten', of: 'failure', key });
  }
  return edits;
}
