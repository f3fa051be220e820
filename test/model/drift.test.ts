import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from './differences.ts';

/** In what we differ from the model, and why. What is not here fails, and what no longer is so fails too. */
const declared: Readonly<Record<string, readonly string[]>> = {
  'Channels are not served yet.': [
    'CreateChannel is not served',
    'DeleteChannel is not served',
    'DescribeChannel is not served',
    'ListChannels is not served',
    'UpdateChannel is not served',
  ],
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

test('the operations are those of the official SDK, but for what is declared here', () => {
  assert.deepEqual(differences(), Object.values(declared).flat().sort());
});
