import type { Operation } from '../../rpc/operation.ts';
import { listStreamSights } from './operations/list-stream-sights.ts';
import type { MillraceWorld } from './world.ts';

/** Every operation that is served, in the order of the API page. */
const all: readonly Operation<MillraceWorld>[] = [listStreamSights];

/** By name. */
export const operations: ReadonlyMap<string, Operation<MillraceWorld>> = new Map(
  all.map((operation) => [operation.name, operation]),
);
