import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../src/services/kinesis/operations.ts';
import { operations as kmsOperations } from '../../src/services/kms/operations.ts';
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
const constraints: Constraints = {
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
  ChannelName: name,
  ChannelARN: '1..2048 arn:aws.*:kinesis:.*:\\d{12}:channel/\\S+',
  ServiceExecutionRoleARN: '1..512 arn:aws[-a-z0-9]*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+',
  StreamConfigurationList: '1..10000 of structure',
  RecordFormatType: '{BYTE_ARRAY GSR_JSON JSON STRING}',
  GSRSchemaARN: '1..512 arn:aws[-a-z0-9]*:glue:[-a-z0-9]+:\\d{12}:schema/[-a-zA-Z0-9_$#.]+/[-a-zA-Z0-9_$#.]+',
  BucketARN: '1..2048 arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}',
  ExpectedBucketOwner: '12..12 \\d{12}',
  ErrorOutputPrefix: "1..512 [0-9A-Za-z!\\-_'.*()\\/]+",
  OutputKeyTemplate: "1..1024 [0-9A-Za-z!\\-_'.*()\\/=:{}]+",
  StorageClass: '{GLACIER_IR INTELLIGENT_TIERING STANDARD}',
  CompressionType: ['{GZIP NONE ZSTD}', '{NONE SNAPPY ZSTD}'],
  S3TablesConfigurationList: '1..10000 of structure',
  TableBucketARN: '1..2048 arn:aws[-a-z0-9]*:s3tables:[-a-z0-9]+:\\d{12}:bucket/[a-z0-9_-]{3,63}',
  Namespace: '1..255 [0-9a-z_]+',
  TableName: '1..255 [0-9a-z_]+',
  PartitionFields: '1..10 of structure',
  Transform: '{TIME_HOUR}',
  SourceName: '1..255 [a-zA-Z0-9\\.\\_]+',
  LogGroupName: '1..512 [\\.\\-_/#A-Za-z0-9]+',
  LogStreamName: '1..512 [^:*]*',
  StreamFilter: '1..10000 of structure',
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
  EncryptionType: ['{KMS NONE}', '{KMS}'],
  RecordDistributionStrategy: '{AUTO USER_PARTITION_KEY}',
  Status: '{DISABLED ENABLED}',
  Type: [
    '{AFTER_SHARD_ID AT_LATEST AT_TIMESTAMP AT_TRIM_HORIZON FROM_TIMESTAMP FROM_TRIM_HORIZON}',
    '{AFTER_SEQUENCE_NUMBER AT_SEQUENCE_NUMBER AT_TIMESTAMP LATEST TRIM_HORIZON}',
  ],
};

type Constraints = Readonly<Record<string, string | readonly string[]>>;

const kmsKeyId = '1..2048';
const kmsAlgorithm = '{RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256 SM2PKE SYMMETRIC_DEFAULT}';
const keySpecs =
  'ECC_NIST_P256 ECC_NIST_P384 ECC_NIST_P521 ECC_SECG_P256K1 HMAC_224 HMAC_256 HMAC_384 HMAC_512';
const moreKeySpecs = 'RSA_2048 RSA_3072 RSA_4096 SM2 SYMMETRIC_DEFAULT';
const encryptionContext = ' of  to ';

// The same of the Key Management Service (botocore 1.43.11, kms 2014-11-01). The patterns of policies and
// markers are of Latin-1: the one is checked with the policy, the other follows from the form of markers.
const kmsConstraints: Constraints = {
  KeyId: kmsKeyId,
  TargetKeyId: kmsKeyId,
  SourceKeyId: kmsKeyId,
  DestinationKeyId: kmsKeyId,
  AliasName: '1..256 ^[a-zA-Z0-9:/_-]+$',
  Description: '0..8192',
  Policy: '1..131072',
  PolicyName: '1..128 [\\w]+',
  KeyUsage: '{ENCRYPT_DECRYPT GENERATE_VERIFY_MAC KEY_AGREEMENT SIGN_VERIFY}',
  CustomerMasterKeySpec: `{${keySpecs} ${moreKeySpecs}}`,
  KeySpec: [
    `{ECC_NIST_EDWARDS25519 ${keySpecs} ML_DSA_44 ML_DSA_65 ML_DSA_87 ${moreKeySpecs}}`,
    '{AES_128 AES_256}',
  ],
  Origin: '{AWS_CLOUDHSM AWS_KMS EXTERNAL EXTERNAL_KEY_STORE}',
  CustomKeyStoreId: '1..64',
  XksKeyId: '1..128 ^[a-zA-Z0-9-_.]+$',
  Tags: ' of structure',
  TagKey: '1..128',
  TagValue: '0..256',
  TagKeys: ' of 1..128',
  GrantTokens: '0..10 of 1..8192',
  Limit: '1..1000',
  Marker: '1..1024',
  PendingWindowInDays: '1..365',
  RotationPeriodInDays: '90..2560',
  NumberOfBytes: '1..1024',
  Plaintext: '1..4096',
  CiphertextBlob: '1..6144',
  EncryptionContext: encryptionContext,
  SourceEncryptionContext: encryptionContext,
  DestinationEncryptionContext: encryptionContext,
  EncryptionAlgorithm: kmsAlgorithm,
  SourceEncryptionAlgorithm: kmsAlgorithm,
  DestinationEncryptionAlgorithm: kmsAlgorithm,
  KeyEncryptionAlgorithm: '{RSAES_OAEP_SHA_256}',
  AttestationDocument: '1..262144',
  DryRunModifiers: ' of {IGNORE_CIPHERTEXT}',
  IncludeKeyMaterial: '{ALL_KEY_MATERIAL ROTATIONS_ONLY}',
};

test('the members of all requests have the constraints of the model, and no others', () => {
  const wrong = [...operations.values()].flatMap(({ name, input }) => misfits(constraints, name, input));
  assert.deepEqual(wrong, []);
});

test('so have the members of all requests of KMS', () => {
  const wrong = [...kmsOperations.values()].flatMap(({ name, input }) =>
    misfits(kmsConstraints, name, input),
  );
  assert.deepEqual(wrong, []);
});

function misfits(constraints: Constraints, path: string, shape: Shape): string[] {
  if (shape.kind === 'list') return misfits(constraints, path, shape.item);
  if (shape.kind !== 'structure') return [];
  return shape.names.flatMap((member, index) => {
    const memberShape = shape.shapes[index]!;
    const said = textOf(memberShape);
    const wanted = constraints[member] ?? '';
    const fits = typeof wanted === 'string' ? said === wanted : wanted.includes(said);
    const deeper = misfits(constraints, `${path}.${member}`, memberShape);
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
      return range({ min: shape.min ?? 0, max: shape.max });
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
