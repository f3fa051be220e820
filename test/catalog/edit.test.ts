import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeEdit, type Edit, encodeEdit } from '../../src/catalog/edit.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { arbitraryEdit } from './arbitrary-edit.ts';

test('an edit comes out of the journal as it went in', () => {
  fc.assert(fc.property(arbitraryEdit, (edit) => assert.deepEqual(decodeEdit(encodeEdit(edit)), edit)));
});

test('so does a snapshot', () => {
  const edit: Edit = {
    kind: 'snapshot',
    secret: 'ab',
    nextStream: 3,
    streams: [sampleStream(2), sampleStream(1)],
    accounts: [['000000000000/us-east-1', { committedAt: 5 }]],
  };
  assert.deepEqual(decodeEdit(encodeEdit(edit)), edit);
});

test('a hash key in the journal is readable by eye', () => {
  const edit: Edit = {
    kind: 'change-begun',
    key: 'k',
    change: { kind: 'split', since: 1, shard: 0, at: 12n },
  };
  assert.equal(
    String(encodeEdit(edit)),
    '{"kind":"change-begun","key":"k","change":{"kind":"split","since":1,"shard":0,"at":{"bigint":"12"}}}',
  );
});

test('a tag that looks like one is a tag', () => {
  const tags = [{ key: 'bigint', value: '{"bigint":"1"}' }];
  const edit: Edit = { kind: 'settings-changed', key: 'k', settings: { tags } };
  assert.deepEqual(decodeEdit(encodeEdit(edit)), edit);
});
