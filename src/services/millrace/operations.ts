import type { Operation } from '../../rpc/operation.ts';
import { getServerSight } from './operations/get-server-sight.ts';
import { getStreamLimits } from './operations/get-stream-limits.ts';
import { getStreamSight } from './operations/get-stream-sight.ts';
import { listAuditRecords } from './operations/list-audit-records.ts';
import { listReaders } from './operations/list-readers.ts';
import { listStreamSights } from './operations/list-stream-sights.ts';
import { putStreamLimits } from './operations/put-stream-limits.ts';
import { queryStream } from './operations/query-stream.ts';
import { tailStream } from './operations/tail-stream.ts';
import type { MillraceWorld } from './world.ts';

/** Every operation that is served, in the order of the API page. */
const all: readonly Operation<MillraceWorld>[] = [
  listStreamSights,
  getStreamSight,
  listReaders,
  getServerSight,
  listAuditRecords,
  tailStream,
  queryStream,
  putStreamLimits,
  getStreamLimits,
];

/** By name. */
export const operations: ReadonlyMap<string, Operation<MillraceWorld>> = new Map(
  all.map((operation: Operation<MillraceWorld>) => [operation.name, operation]),
);
