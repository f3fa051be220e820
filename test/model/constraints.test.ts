import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../src/services/kinesis/operations.ts';
import type { Shape } from '../../src/wire/shape.ts';

// The constraints of the service's model (botocore 1.44.8, kinesis 2013-12-02), which the SDK for JavaScript
// does not carry, by the name of the member. What has no constraint does not stand here.
const name = '1..128 [a-zA-Z0-9_.-]+';
const page = '1..10000';
const hashKey = '^(0|([1-9]\\d{0,38}))$';
const sequenceNumber = '^(0|([1-9]\\d{0,128}))$';
const metrics =
  '1..7 of {ALL IncomingBytes IncomingRecords IteratorAgeMilliseconds OutgoingBytes OutgoingRecords ' +
  'ReadProvisionedThroughputExceeded WriteProvisionedThroughputExceeded}';
const constraints: Readonly<Record<string, string | readonly string[]>> = {
  StreamName: name,
  ExclusiveStartStreamName: name,
  ConsumerName: name,
  ShardId: name,
  ShardToSplit: name,
  ShardToMerge: name,
  AdjacentShardToMerge: name,
  ExclusiveStartShardId: name,
  StreamARN: '1..2048 arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+',
  ConsumerARN:
    '1..2048 ^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
  ResourceARN: '1..2048 arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel|queue)/\\S+',
  StreamId: '1..24 [a-z0-9]{20}-[a-z0-9]{3}',
  ExplicitHashKey: hashKey,
  NewStartingHashKey: hashKey,
  SequenceNumber: sequenceNumber,
  StartingSequenceNumber: sequenceNumber,
  SequenceNumberForOrdering: sequenceNumber,
  PartitionKey: '1..256',
  Data: '0..10485760',
  Records: '1..500 of structure',
  ShardIterator: '1..512',
  NextToken: '1..1048576',
  Limit: [page, '1..50'],
  MaxResults: page,
  ShardCount: '1..',
  TargetShardCount: '1..',
  WarmThroughputMiBps: '0..',
  MaxRecordSizeInKiB: '1024..10240',
  ShardLevelMetrics: metrics,
  Tags: '1..200 of 1..128 to 0..256',
  TagKeys: '1..50 of 1..128',
  ExclusiveStartTagKey: '1..128',
  KeyId: '1..2048',
  ShardIteratorType: '{AFTER_SEQUENCE_NUMBER AT_SEQUENCE_NUMBER AT_TIMESTAMP LATEST TRIM_HORIZON}',
  ScalingType: '{UNIFORM_SCALING}',
  StreamMode: '{ON_DEMAND PROVISIONED}',
  EncryptionType: '{KMS NONE}',
  RecordDistributionStrategy: '{AUTO USER_PARTITION_KEY}',
  Status: '{DISABLED ENABLED}',
  Type: [
    '{AFTER_SHARD_ID AT_LATEST AT_TIMESTAMP AT_TRIM_HORIZON FROM_TIMESTAMP FROM_TRIM_HORIZON}',
    '{AFTER_SEQUENCE_NUMBER AT_SEQUENCE_NUMBER AT_TIMESTAMP LATEST TRIM_HORIZON}',
  ],
};

test('the members of all requests have the constraints of the model, and no others', () => {
  const wrong = [...operations.values()].flatMap((operation) => misfits(operation.name, operation.input));
  assert.deepEqual(wrong, []);
});

function misfits(path: string, shape: Shape): string[] {
  if (shape.kind === 'list') return misfits(path, shape.item);
  if (shape.kind !== 'structure') return [];
  return shape.names.flatMap((member, index) => {
    const memberShape = shape.shapes[index]!;
    const said = textOf(memberShape);
    const wanted = constraints[member] ?? '';
    const fits = typeof wanted === 'string' ? said === wanted : wanted.includes(said);
    const deeper = misfits(`${path}.${member}`, memberShape);
    return fits ? deeper : [`${path}.${member}: ${said}, not ${wanted}`, ...deeper];
  });
}

/** The constraints of a shape in a line. */
function textOf(shape: Shape): string {
  switch (shape.kind) {
    case 'string':
      return [range(shape), shape.pattern?.text ?? '', values(shape.values)].filter(Boolean).join(' ');
    case 'integer':
    case 'long':
      return range(shape);
    case 'blob':
      return range({ min: 0, max: shape.max });
    case 'list':
      return `${range(shape)} of ${textOf(shape.item) || shape.item.kind}`;
    case 'map':
      return `${range(shape)} of ${range(shape.key)} to ${textOf(shape.value)}`;
    default:
      return '';
  }
}

function range({ min, max }: { readonly min: number | undefined; readonly max: number | undefined }): string {
  return min === undefined && max === undefined ? '' : `${min ?? ''}..${max ?? ''}`;
}

function values(list: readonly string[] | undefined): string {
  return list === undefined ? '' : `{${list.toSorted().join(' ')}}`;
}
