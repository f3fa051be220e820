/** Operations on channels, not served yet (AWS SDK for JavaScript 3.1143.0, and AWS's other SDKs). */
const channelOperations = [
  'CreateChannel',
  'DeleteChannel',
  'DescribeChannel',
  'ListChannels',
  'UpdateChannel',
];

/** Operations on queues, not served yet (botocore 1.44.8, the first SDK to have them). */
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
