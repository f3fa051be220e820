import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../src/services/kinesis/operations.ts';
import { unserved } from '../../src/services/kinesis/unserved.ts';
import { awsOperations } from './aws-model.ts';
import { differences } from './differences.ts';
import { operationNames, queueOperations } from './operation-names.ts';

/** In what we differ from the model, and why. What is not here fails, and what no longer is so fails too. */
const declared: Readonly<Record<string, readonly string[]>> = {
  'AWS reserves StreamId. Where it is not declared it is ignored, as every member that is not known.': [
    'DeleteResourcePolicyInput.StreamId is missing',
    'DeregisterStreamConsumerInput.StreamId is missing',
    'DescribeStreamConsumerInput.StreamId is missing',
    'GetRecordsInput.StreamId is missing',
    'GetResourcePolicyInput.StreamId is missing',
    'ListStreamConsumersInput.StreamId is missing',
    'ListTagsForResourceInput.StreamId is missing',
    'PutResourcePolicyInput.StreamId is missing',
    'RegisterStreamConsumerInput.StreamId is missing',
    'SubscribeToShardInput.StreamId is missing',
    'TagResourceInput.StreamId is missing',
    'UntagResourceInput.StreamId is missing',
    'UpdateMaxRecordSizeInput.StreamId is missing',
    'UpdateStreamModeInput.StreamId is missing',
    'UpdateStreamRecordDistributionStrategyInput.StreamId is missing',
  ],
  'A client that sends a StreamId back no longer calls our endpoint, so it must never be answered.': [
    'StreamDescriptionSummary.StreamId is missing',
  ],
  'At the end of a shard clients take its absence for the end.': [
    'SubscribeToShardEvent.ContinuationSequenceNumber is optional, required in the model',
  ],
};

test('AWS has 57 operations: 45 in the SDK for JavaScript, and twelve of queues that only botocore has', () => {
  const inSdk = awsOperations();
  assert.equal(inSdk.size, 45);
  // Once the SDK has one, its input and output are compared, and it goes from the list.
  assert.deepEqual(
    queueOperations.filter((name) => inSdk.has(name)),
    [],
  );
  assert.equal(operationNames().length, 57);
});

test('what is not served is known by name, so that a call of it is told so', () => {
  const missing = operationNames().filter((name) => !operations.has(name));
  assert.deepEqual([...unserved].sort(), missing.sort());
});

test('the operations are those of the official SDK, but for what is declared here', () => {
  assert.deepEqual(differences(), Object.values(declared).flat().sort());
});
