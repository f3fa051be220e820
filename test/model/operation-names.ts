import { awsOperations } from './aws-model.ts';

/**
 * The operations of queues: in botocore since 1.44 (looked at: 1.44.8, kinesis 2013-12-02, 57 operations),
 * and not yet in the SDK for JavaScript (3.1143.0), which has the other 45.
 */
export const queueOperations = [
  'AcknowledgeDeadLetterQueueRecords',
  'AcknowledgeQueueRecords',
  'CreateQueue',
  'DeleteQueue',
  'DescribeQueue',
  'ListQueues',
  'ReceiveDeadLetterQueueRecords',
  'ReceiveQueueRecords',
  'RestoreDeadLetterQueueRecords',
  'UpdateDeadLetterQueueRecordsVisibility',
  'UpdateQueue',
  'UpdateQueueRecordsVisibility',
];

/** The names of all operations of Kinesis, those of the SDK for JavaScript first. */
export function operationNames(): string[] {
  return [...new Set([...awsOperations().keys(), ...queueOperations])];
}
