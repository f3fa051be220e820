/**
 * AWS's operations on channels (its SDK for JavaScript 3.1143.0, and its other SDKs) that are not served yet.
 */
const channelOperations = [
  'CreateChannel',
  'DeleteChannel',
  'DescribeChannel',
  'ListChannels',
  'UpdateChannel',
];

/** And those on queues (botocore 1.44.8, the first SDK to have them). */
const queueOperations = [
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

export const unserved: ReadonlySet<string> = new Set([...channelOperations, ...queueOperations]);
