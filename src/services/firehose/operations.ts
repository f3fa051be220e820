import type { Operation } from '../../rpc/operation.ts';
import { createDeliveryStream } from './operations/create-delivery-stream.ts';
import { deleteDeliveryStream } from './operations/delete-delivery-stream.ts';
import { describeDeliveryStream } from './operations/describe-delivery-stream.ts';
import { listDeliveries } from './operations/list-deliveries.ts';
import { listDeliveryStreams } from './operations/list-delivery-streams.ts';
import { listTagsForDeliveryStream } from './operations/list-tags-for-delivery-stream.ts';
import { putRecord } from './operations/put-record.ts';
import { putRecordBatch } from './operations/put-record-batch.ts';
import { startDeliveryStreamEncryption } from './operations/start-delivery-stream-encryption.ts';
import { stopDeliveryStreamEncryption } from './operations/stop-delivery-stream-encryption.ts';
import { tagDeliveryStream } from './operations/tag-delivery-stream.ts';
import { untagDeliveryStream } from './operations/untag-delivery-stream.ts';
import { updateDestination } from './operations/update-destination.ts';
import type { FirehoseWorld } from './world.ts';

/** Every operation that is served, in the order of the API page. */
const all = [
  createDeliveryStream,
  describeDeliveryStream,
  listDeliveryStreams,
  updateDestination,
  deleteDeliveryStream,
  putRecord,
  putRecordBatch,
  startDeliveryStreamEncryption,
  stopDeliveryStreamEncryption,
  tagDeliveryStream,
  untagDeliveryStream,
  listTagsForDeliveryStream,
  listDeliveries,
];

/** By name. */
export const operations: ReadonlyMap<string, Operation<FirehoseWorld>> = new Map(
  all.map((operation: Operation<FirehoseWorld>) => [operation.name, operation]),
);
