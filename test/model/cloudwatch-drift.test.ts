import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-cloudwatch';
import { operations } from '../../src/services/cloudwatch/operations.ts';
import { units } from '../../src/services/cloudwatch/parts/shapes.ts';
import { unserved } from '../../src/services/cloudwatch/unserved.ts';
import { awsOperations } from './aws-model.ts';
import { differences } from './differences.ts';

test('what is not served is known by name, so that a call of it is told so', () => {
  const missing = [...awsOperations(sdk).keys()].filter((name) => !operations.has(name));
  assert.deepEqual([...unserved].sort(), missing.sort());
});

test('the operations are those of the official SDK, but that nothing is required where it is read', () => {
  const found = differences(operations, sdk).filter((line) => !line.endsWith(' is not served'));
  const required = found.filter((line) => line.endsWith(' is optional, required in the model'));
  assert.deepEqual(found, required);
  // CloudWatch says in words of its own what is missing: `parts/findings.ts`.
  assert.equal(required.length, 21);
});

test('the units are those of the official SDK', () => {
  assert.deepEqual([...units].sort(), Object.values(sdk.StandardUnit).sort());
});
