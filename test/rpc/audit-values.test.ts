import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditable } from '../../src/rpc/audit-values.ts';
import {
  blob,
  boolean,
  integer,
  lazy,
  list,
  map,
  sensitive,
  string,
  structure,
  timestamp,
  union,
} from '../../src/wire/shape.ts';

const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';

test('a value is shown as its shape tells, with small letters first, and nothing that it does not tell', () => {
  const shape = structure('Input', {
    StreamName: string(),
    Count: integer(),
    Forced: boolean(),
    From: timestamp(),
    Tags: map(string()),
    Filters: list(structure('Filter', { Name: string(), Values: list(string()) })),
    Choice: union('Choice', { One: string(), Other: string() }),
    Deep: lazy(() => string()),
    Absent: string(),
  });
  const value = {
    StreamName: 'orders',
    Count: 3,
    Forced: false,
    From: 1_700_000_000_000,
    Tags: { Team: 'a' },
    Filters: [{ Name: 'n', Values: ['v'], Stray: 'SECRET' }],
    Choice: { Other: 'o' },
    Deep: 'd',
    Stray: 'SECRET',
  };
  assert.deepEqual(auditable(value, shape), {
    streamName: 'orders',
    count: 3,
    forced: false,
    from: '2023-11-14T22:13:20.000Z',
    tags: { Team: 'a' },
    filters: [{ name: 'n', values: ['v'] }],
    choice: { other: 'o' },
    deep: 'd',
  });
});

test('blobs, sensitive members and texts that are named as secrets are hidden, at any depth', () => {
  const shape = structure('CreateAccessKeyResponse', {
    AccessKey: structure('AccessKey', { AccessKeyId: string(), SecretAccessKey: string() }),
    Answer: sensitive(string()),
    Context: sensitive(map(string())),
    Plaintext: blob(),
    Entries: list(structure('Entry', { Data: blob(), PartitionKey: string() })),
    NextToken: string(),
    ShardIterator: string(),
  });
  const value = {
    AccessKey: { AccessKeyId: 'AKIDEXAMPLE', SecretAccessKey: 'SECRET' },
    Answer: 'SECRET',
    Context: { key: 'SECRET' },
    Plaintext: Buffer.from('SECRET'),
    Entries: [{ Data: Buffer.from('SECRET'), PartitionKey: 'SECRET' }],
    NextToken: 'SECRET',
    ShardIterator: 'SECRET',
  };
  const shown = auditable(value, shape);
  assert.deepEqual(shown, {
    accessKey: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: hidden },
    answer: hidden,
    context: hidden,
    plaintext: hidden,
    entries: [{ data: hidden, partitionKey: hidden }],
    nextToken: hidden,
    shardIterator: hidden,
  });
});

test('nothing is shown where there is nothing', () => {
  assert.equal(auditable({}, structure('Empty', {})), undefined);
  assert.equal(auditable(undefined, structure('Empty', { Name: string() })), undefined);
  assert.equal(auditable({ Name: 'a' }, undefined), undefined);
});
