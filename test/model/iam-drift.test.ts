import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-iam';
import { operations } from '../../src/services/iam/operations.ts';
import { unserved } from '../../src/services/iam/unserved.ts';
import { awsOperations } from './aws-model.ts';
import { differences } from './differences.ts';

/** In what we differ from the model, and why. What is not here fails, and what no longer is so fails too. */
const declared: Readonly<Record<string, readonly string[]>> = {
  'Every request is a structure here.': ["GetAccountSummary's input is a structure, a unit in the model"],
  'Roles are made of no templates.': ['Role.SourceRoleTemplate is missing'],
  'There are no organizations.': [
    'EvaluationResult.OrganizationsDecisionDetail is missing',
    'SimulateCustomPolicyRequest.OrderedOrganizationPolicyInputList is missing',
  ],
  'The simulator answers each action on each resource by itself, and names policies, not places in them.': [
    'EvaluationResult.ResourceSpecificResults is missing',
    'SimulatePrincipalPolicyRequest.PolicyExclusionList is missing',
    'Statement.EndPosition is missing',
    'Statement.StartPosition is missing',
  ],
};

test('what is not served is known by name, so that a call of it is told so', () => {
  const missing = [...awsOperations(sdk).keys()].filter((name) => !operations.has(name));
  assert.deepEqual([...unserved].sort(), missing.sort());
});

test('the operations are those of the official SDK, but for what is declared here', () => {
  const found = differences(operations, sdk).filter((line) => !line.endsWith(' is not served'));
  assert.deepEqual(found, Object.values(declared).flat().sort());
});
