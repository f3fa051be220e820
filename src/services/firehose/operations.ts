import type { Operation } from '../../rpc/operation.ts';
import { createDeliveryStream } from './operations/create-delivery-stream.ts';
import { describeDeliveryStream } from './operations/describe-delivery-stream.ts';
import { putRecord } from './operations/put-record.ts';
import { putRecordBatch } from './operations/put-record-batch.ts';
import type { FirehoseWorld } from './world.ts';

/** Every operation that is served, in the order of the API page. */
const all = [createDeliveryStream, describeDeliveryStream, putRecord, putRecordBatch];

/** By name. */
export const operations: ReadonlyMap<string, Operation<FirehoseWorld>> = new Map(
  all.map((operation: Operation<FirehoseWorld>) => [operation.name, operation]),
);
