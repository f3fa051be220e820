import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holds } from '../../../../src/services/dynamodb/expressions/condition.ts';
import { project } from '../../../../src/services/dynamodb/expressions/projection.ts';
import { projectionOfNames } from '../../../../src/services/dynamodb/legacy/attributes-to-get.ts';
import { conditionOfExpected } from '../../../../src/services/dynamodb/legacy/legacy-condition.ts';
import { requireOneForm } from '../../../../src/services/dynamodb/legacy/mixed-forms.ts';
import { checkedItem } from '../../../../src/services/dynamodb/values/checked-value.ts';

const refuses = (run: () => unknown, message: string) =>
  assert.throws(run, { name: 'ValidationException', message });

test('KCL 1.15 checkpoints with a value beside an operator, and loses to another counter or a closed shard', () => {
  const condition = conditionOfExpected(
    {
      checkpoint: { Value: { S: 'SHARD_END' }, ComparisonOperator: 'NE' },
      leaseCounter: { Value: { N: '4' } },
    },
    undefined,
  );
  const lease = (checkpoint: string, leaseCounter: string) =>
    checkedItem({ checkpoint: { S: checkpoint }, leaseCounter: { N: leaseCounter } });
  assert(condition !== undefined);
  assert(holds(condition, lease('TRIM_HORIZON', '4')));
  assert(!holds(condition, lease('TRIM_HORIZON', '5')));
  assert(!holds(condition, lease('SHARD_END', '4')));
  assert(!holds(condition, undefined));
});

test('Expected asks nothing when it is empty, and of an item that is not there that something is absent', () => {
  assert.equal(conditionOfExpected({}, undefined), undefined);
  assert.equal(conditionOfExpected(undefined, undefined), undefined);
  const absent = conditionOfExpected({ leaseKey: { Exists: false } }, undefined);
  assert(absent !== undefined && holds(absent, undefined));
});

test('AttributesToGet takes names as they are, and each once', () => {
  const item = checkedItem({ 'a.b': { N: '1' }, a: { M: { b: { N: '2' } } } });
  assert.deepEqual({ ...project(projectionOfNames(['a.b', 'zz']), item) }, { 'a.b': { N: '1' } });
  refuses(
    () => projectionOfNames(['a', 'b', 'a']),
    'One or more parameter values were invalid: Duplicate value in attribute name: a',
  );
});

test('a request has parameters of one form', () => {
  const parameters = { UpdateExpression: undefined, ConditionExpression: 'a = b' };
  refuses(
    () =>
      requireOneForm(parameters, { AttributeUpdates: {}, Expected: undefined, ConditionalOperator: 'OR' }),
    'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributeUpdates, ConditionalOperator} Expression parameters: {ConditionExpression}',
  );
  requireOneForm(parameters, { AttributeUpdates: undefined });
  requireOneForm({ UpdateExpression: undefined }, { AttributeUpdates: {} });
});

test('names and values are of use to expressions alone', () => {
  const names = { names: {}, values: undefined };
  const values = { names: undefined, values: {} };
  refuses(
    () => requireOneForm({ ProjectionExpression: undefined }, {}, names),
    'ExpressionAttributeNames can only be specified when using expressions',
  );
  requireOneForm({ ProjectionExpression: 'a' }, {}, names);
  refuses(
    () => requireOneForm({ ConditionExpression: undefined }, {}, values),
    'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
  );
  const query = { FilterExpression: undefined, KeyConditionExpression: undefined, ProjectionExpression: 'a' };
  refuses(
    () => requireOneForm(query, {}, values),
    'ExpressionAttributeValues can only be specified when using expressions: FilterExpression and KeyConditionExpression are null',
  );
});
