import type { Caller } from '../../../access/caller.ts';
import { functionNotFound } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import {
  type AliasRecord,
  type FunctionRecord,
  type FunctionSettings,
  type FunctionVersion,
  functionKeyOf,
  type LambdaState,
} from '../state/lambda-state.ts';
import { functionArn } from './function-arn.ts';
import { latest } from './latest.ts';

type Named = Pick<FunctionTarget, 'account' | 'region' | 'name'>;

/** Of an account and a region, by name. */
export function functionsOf(
  state: LambdaState,
  { account, region }: Pick<Caller, 'account' | 'region'>,
): FunctionRecord[] {
  return Array.from(state.within('function', `${account}/${region}/`), ([, value]) => value);
}

/** Those that were published, in the order of their numbers. */
export function versionsOf(state: LambdaState, of: Named): FunctionVersion[] {
  const found = Array.from(state.within('version', `${functionKeyOf(of)}:`), ([, value]) => value);
  return found.sort((left, right) => left.version - right.version);
}

/** By name. */
export function aliasesOf(state: LambdaState, of: Named): AliasRecord[] {
  return Array.from(state.within('alias', `${functionKeyOf(of)}:`), ([, value]) => value);
}

/** The function, whatever the target's qualifier is; ResourceNotFoundException with the target's ARN. */
export function requireFunction(state: LambdaState, target: FunctionTarget): FunctionRecord {
  const found = state.get('function', functionKeyOf(target));
  if (found === undefined) throw functionNotFound(functionArn(target));
  return found;
}

/** A version of a function: `$LATEST`, or a number. */
export type FoundVersion = { readonly version: string; readonly settings: FunctionSettings };

/** The version that a target's qualifier names, by an alias too: that of most invocations. */
export function requireVersion(state: LambdaState, target: FunctionTarget): FoundVersion {
  const { qualifier = latest } = target;
  const latestSettings = requireFunction(state, target);
  if (qualifier === latest) return { version: latest, settings: latestSettings };
  const alias = state.get('alias', keyWithin(target, qualifier));
  const version = alias?.version ?? qualifier;
  if (version === latest) return { version, settings: latestSettings };
  const settings = state.get('version', keyWithin(target, version));
  if (settings === undefined) throw functionNotFound(functionArn(target));
  return { version, settings };
}

/** ResourceNotFoundException unless the qualifier is `$LATEST`, a version or an alias. */
export function requireQualified(state: LambdaState, target: FunctionTarget): FunctionRecord {
  requireVersion(state, target);
  return requireFunction(state, target);
}

/** The key of a version by its number, or of an alias by its name. */
export function keyWithin(of: Named, name: string): string {
  return `${functionKeyOf(of)}:${name}`;
}
