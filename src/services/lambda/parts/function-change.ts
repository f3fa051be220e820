import { stale } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import {
  type FunctionRecord,
  functionKeyOf,
  type LambdaEdit,
  type LambdaState,
} from '../state/lambda-state.ts';
import type { LambdaWorld } from '../world.ts';
import { requireFunction } from './found.ts';

/** Changes a function as it is by then, and answers what it is now. */
export async function changeFunction(
  world: LambdaWorld,
  target: FunctionTarget,
  change: (found: FunctionRecord, state: LambdaState) => FunctionRecord,
): Promise<FunctionRecord> {
  let changed: FunctionRecord | undefined;
  await world.opened().journal.commit((state) => {
    changed = change(requireFunction(state, target), state);
    return [functionSaid(changed)];
  });
  return changed!;
}

export function functionSaid(value: FunctionRecord): LambdaEdit {
  return { kind: 'said', of: 'function', key: functionKeyOf(value), value };
}

/** PreconditionFailedException where a caller has seen another revision than the one there is. */
export function requireRevision(
  wanted: string | undefined,
  { revision }: { readonly revision: string },
): void {
  if (wanted !== undefined && wanted !== revision) throw stale();
}
