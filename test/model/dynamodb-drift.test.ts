import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-dynamodb';
import { operations } from '../../src/services/dynamodb/operations.ts';
import { unserved } from '../../src/services/dynamodb/unserved.ts';
import { awsOperations } from './aws-model.ts';
import { differences } from './differences.ts';

/** In what we differ from the model, and why. What is not here fails, and what no longer is so fails too. */
const declared: Readonly<Record<string, readonly string[]>> = {
  'There are no vector indexes: whoever asks for one is told so.': [
    'ConsumedCapacity.VectorIndexes is missing',
    'TableDescription.VectorIndexes is missing',
  ],
  'Tables are of one region, have no streams, and are neither archived nor restored.': [
    'TableDescription.ArchivalSummary is missing',
    'TableDescription.GlobalTableSettingsReplicationMode is missing',
    'TableDescription.GlobalTableVersion is missing',
    'TableDescription.GlobalTableWitnesses is missing',
    'TableDescription.LatestStreamArn is missing',
    'TableDescription.LatestStreamLabel is missing',
    'TableDescription.MultiRegionConsistency is missing',
    'TableDescription.Replicas is missing',
    'TableDescription.RestoreSummary is missing',
    'TableDescription.StreamSpecification is missing',
  ],
};

/** Of these it is only looked whether they are there: what they ask for is refused. */
const refused = /^(?:VectorIndex|VectorIndexUpdate|ReplicationGroupUpdate|GlobalTableWitnessGroupUpdate)\./;

test('what is not served is known by name, so that a call of it is told so', () => {
  const missing = [...awsOperations(sdk).keys()].filter((name) => !operations.has(name));
  assert.deepEqual([...unserved].sort(), missing.sort());
});

test('the operations are those of the official SDK, but for what is declared here', () => {
  const found = differences(operations, sdk).filter((line) => !line.endsWith(' is not served'));
  const told = found.filter((line) => !refused.test(line));
  assert.deepEqual(told, Object.values(declared).flat().sort());
});
