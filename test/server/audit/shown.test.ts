import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditKindOf } from '../../../src/rpc/audit.ts';
import { auditable } from '../../../src/rpc/audit-values.ts';
import { operations as cloudwatch } from '../../../src/services/cloudwatch/operations.ts';
import { operations as dynamodb } from '../../../src/services/dynamodb/operations.ts';
import { operations as firehose } from '../../../src/services/firehose/operations.ts';
import { operations as iam } from '../../../src/services/iam/operations.ts';
import { operations as kinesis } from '../../../src/services/kinesis/operations.ts';
import { operations as kms } from '../../../src/services/kms/operations.ts';
import { operations as lambda } from '../../../src/services/lambda/operations.ts';
import { operations as millrace } from '../../../src/services/millrace/operations.ts';
import { operations as sts } from '../../../src/services/sts/operations.ts';
import type { AnswerShape } from '../../../src/wire/protocol.ts';
import type { Shape } from '../../../src/wire/shape.ts';

/** A value of a shape in which every text and every blob says which member it is. */
function filled(name: string, shape: Shape, depth = 0): unknown {
  switch (shape.kind) {
    case 'structure':
    case 'union':
      return Object.fromEntries(
        Object.entries(shape.members).map(([member, each]) => [member, filled(member, each, depth)]),
      );
    case 'list':
      return [filled(name, shape.item, depth)];
    case 'map':
      return { key: filled(name, shape.value, depth) };
    case 'lazy':
      return depth === 3 ? undefined : filled(name, shape.shape(), depth + 1);
    case 'string':
      return `<${name}>`;
    case 'blob':
      return Buffer.from(`<${name}>`);
    default:
      return 1;
  }
}

function shownIn(shape: AnswerShape): string[] {
  if (shape === undefined || shape.kind === 'event-stream') return [];
  const text = JSON.stringify(auditable(filled('', shape), shape) ?? {});
  return [...text.matchAll(/<(\w*)>/g)].map(([, name]) => name!);
}

const all = Object.entries({
  cloudwatch,
  dynamodb,
  firehose,
  iam,
  kinesis,
  kms,
  lambda,
  millrace,
  sts,
}).flatMap(([service, operations]) => [...operations.values()].map((operation) => ({ service, operation })));

/** As AWS's models name what must not be in a log, or has them as sensitive. */
const secret =
  /^(SecretAccessKey|SessionToken|Plaintext|CiphertextBlob|CiphertextForRecipient|SourceCiphertextBlob|Data|PartitionKey|ShardIterator|NextShardIterator|NextToken|StartingToken|Password|PrivateKey\w*|TokenCode|WebIdentityToken|SAMLAssertion|AttestationDocument|ZipFile|Location|Variables|Payload|ClientContext|LogResult|Text|AccessKey)$/;

test('no operation of any service has a secret in its record', () => {
  assert.ok(all.length > 100);
  const leaked = all.flatMap(({ service, operation: { name, input, output } }) =>
    [...shownIn(input), ...shownIn(output)]
      .filter((member) => secret.test(member))
      .map((member) => `${service}:${name} ${member}`),
  );
  assert.deepEqual(leaked, []);
});

test('only what puts and gets records, or a way to them, is left out when it succeeds, and what is of items, metrics or invocations, or looks every second', () => {
  const left = all.filter(({ operation }) => auditKindOf(operation) === 'data');
  assert.deepEqual(left.map(({ operation: { name } }) => name).sort(), [
    'BatchGetItem',
    'BatchWriteItem',
    'DeleteItem',
    'GetItem',
    'GetMetricData',
    'GetMetricStatistics',
    'GetRecords',
    'GetServerSight',
    'GetShardIterator',
    'GetStreamSight',
    'Invoke',
    'ListReaders',
    'ListStreamSights',
    'PutItem',
    'PutMetricData',
    'PutRecord',
    'PutRecord',
    'PutRecordBatch',
    'PutRecords',
    'Query',
    'QueryStream',
    'Scan',
    'SubscribeToShard',
    'TailStream',
    'TransactGetItems',
    'TransactWriteItems',
    'UpdateItem',
  ]);
});
