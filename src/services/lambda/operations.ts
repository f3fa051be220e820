import type { Operation } from '../../rpc/operation.ts';
import { mappingOperations } from './mapping-operations.ts';
import { getAccountSettings } from './operations/get-account-settings.ts';
import { getFunctionOutput } from './operations/get-function-output.ts';
import type { LambdaWorld } from './world.ts';

/** Every operation that is served, in the order of the API page. */
const all = [getAccountSettings, ...mappingOperations, getFunctionOutput];

/** By name. */
export const operations: ReadonlyMap<string, Operation<LambdaWorld>> = new Map(
  all.map((operation: Operation<LambdaWorld>) => [operation.name, operation]),
);
