import type { Operation } from '../../rpc/operation.ts';
import { getStreamLimits } from './operations/get-stream-limits.ts';
import { putStreamLimits } from './operations/put-stream-limits.ts';
import { tailStream } from './operations/tail-stream.ts';
import type { MillraceWorld } from './world.ts';

/** Every operation that is served, in the order of the API page. */
const all = [tailStream, putStreamLimits, getStreamLimits];

/** By name. */
export const operations: ReadonlyMap<string, Operation<MillraceWorld>> = new Map(
  all.map((operation: Operation<MillraceWorld>) => [operation.name, operation]),
);
