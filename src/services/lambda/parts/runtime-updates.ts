import { invalidValue } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import type { FunctionRecord, RuntimeUpdates } from '../state/lambda-state.ts';
import { functionArn } from './function-arn.ts';
import { latest } from './latest.ts';

/** Undefined for `Auto`, which is the default. */
export function updatesOf(
  on: 'Auto' | 'Manual' | 'FunctionUpdate',
  runtimeVersionArn: string | undefined,
): RuntimeUpdates | undefined {
  if (on === 'Manual' && runtimeVersionArn !== undefined) return { on, runtimeVersionArn };
  if (on === 'Manual')
    throw invalidValue('You must specify RuntimeVersionArn when UpdateRuntimeOn is Manual.');
  if (runtimeVersionArn !== undefined) {
    throw invalidValue('You can only specify RuntimeVersionArn when UpdateRuntimeOn is Manual.');
  }
  return on === 'FunctionUpdate' ? { on } : undefined;
}

export function withUpdates(
  found: FunctionRecord,
  { qualifier = latest }: FunctionTarget,
  updates: RuntimeUpdates | undefined,
): FunctionRecord {
  const { [qualifier]: _, ...others } = found.runtimeUpdates ?? {};
  return { ...found, runtimeUpdates: updates === undefined ? others : { ...others, [qualifier]: updates } };
}

export function viewUpdates({ runtimeUpdates }: FunctionRecord, target: FunctionTarget) {
  const updates = runtimeUpdates?.[target.qualifier ?? latest];
  return {
    UpdateRuntimeOn: updates?.on ?? ('Auto' as const),
    FunctionArn: functionArn({ ...target, qualifier: target.qualifier ?? latest }),
    RuntimeVersionArn: updates?.on === 'Manual' ? updates.runtimeVersionArn : undefined,
  };
}
