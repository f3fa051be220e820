import type { Operation } from '../../rpc/operation.ts';
import type { MillraceWorld } from './world.ts';

/** Every operation that is served, in the order of the API page. */
const all: readonly Operation<MillraceWorld>[] = [];

/** By name. */
export const operations: ReadonlyMap<string, Operation<MillraceWorld>> = new Map(
  all.map((operation) => [operation.name, operation]),
);
