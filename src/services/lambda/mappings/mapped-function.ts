import type { Caller } from '../../../access/caller.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { invalidValue } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import { requireVersion } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionNamed } from '../parts/function-name.ts';
import type { LambdaState } from '../state/lambda-state.ts';

/** The function of a mapping, with the qualifier if one was given, and the ARN as mappings have it. */
export type NamedFunction = FunctionTarget & { readonly arn: string };

/** The function that a request names for a mapping. Throws as `functionNamed` does. */
export function mappedFunction(name: string, caller: Caller): NamedFunction {
  const target = functionNamed(name, caller);
  return { ...target, arn: functionArn(target) };
}

/**
 * The role that a mapping's function runs as. InvalidParameterValueException in AWS's words when there is no
 * such function, version or alias; functions of other accounts have no mappings here.
 */
export function requireRole(state: LambdaState, target: FunctionTarget, { account }: Caller): string {
  if (target.account !== account) throw unknownFunction();
  try {
    return requireVersion(state, target).settings.role;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw unknownFunction();
  }
}

const unknownFunction = () => invalidValue('Function does not exist');
