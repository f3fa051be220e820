import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf } from '../../../console/pages/access/lines.ts';
import { documentOf, readable } from '../../../console/pages/access/policy-text.ts';
import { auditInput } from '../../../console/pages/audit/audit-query.ts';
import { changesOf } from '../../../console/pages/keys/key-changes.ts';

test('a document is shown with an indent, and as it is where it is no JSON', () => {
  assert.equal(documentOf(encodeURIComponent('{"Version":"2012-10-17"}')), '{\n  "Version": "2012-10-17"\n}');
  assert.equal(readable('{"cut'), '{"cut');
});

test('what is asked of the audit trail is what was typed, without what is empty', () => {
  const none = { caller: ' ', operation: '', resource: '', outcome: '', since: '', until: 'no time' };
  assert.deepEqual(auditInput(none), {});
  const since = '2026-11-29T18:00';
  assert.deepEqual(auditInput({ ...none, caller: ' ada ', since }, 'next'), {
    Caller: 'ada',
    Since: Date.parse(since) / 1000,
    NextToken: 'next',
  });
});

test('what can be done with a key follows from its state', () => {
  const key = { KeyId: 'k', Arn: 'a', CreationDate: 0, KeyManager: 'CUSTOMER', KeyState: 'Enabled' } as const;
  const names = (changed: Partial<Parameters<typeof changesOf>[0]>, rotates = false) =>
    changesOf({ ...key, ...changed }, { KeyRotationEnabled: rotates }).map(({ operation }) => operation);
  assert.deepEqual(names({}), [
    'RotateKeyOnDemand',
    'EnableKeyRotation',
    'DisableKey',
    'ScheduleKeyDeletion',
  ]);
  assert.ok(names({}, true).includes('DisableKeyRotation'));
  assert.deepEqual(names({ KeyState: 'Disabled' }), ['EnableKey', 'ScheduleKeyDeletion']);
  assert.deepEqual(names({ KeyState: 'PendingDeletion' }), ['CancelKeyDeletion']);
  assert.deepEqual(names({ KeyManager: 'AWS' }), []);
});

test('actions and resources stand on lines of their own', () => {
  assert.deepEqual(linesOf(' kinesis:PutRecord \n\n kms:Decrypt\n'), ['kinesis:PutRecord', 'kms:Decrypt']);
});
