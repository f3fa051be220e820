import type { ReadableService } from '../rpc/large-body.ts';
import { protocols as cloudwatchProtocols } from '../services/cloudwatch/cloudwatch.ts';
import { protocols as dynamodbProtocols } from '../services/dynamodb/dynamodb.ts';
import { protocols as firehoseProtocols } from '../services/firehose/firehose.ts';
import { protocols as iamProtocols } from '../services/iam/iam.ts';
import { operations as kinesisOperations } from '../services/kinesis/operations.ts';
import { protocols as kinesisProtocols } from '../services/kinesis/protocols.ts';
import { protocols as kmsProtocols } from '../services/kms/kms.ts';
import { protocols as millraceProtocols } from '../services/millrace/millrace.ts';
import { protocols as stsProtocols } from '../services/sts/sts.ts';

/** The services that are served, where their bodies are only read, without a world behind them. */
export const readableServices: readonly ReadableService[] = [
  { name: 'kinesis', protocols: kinesisProtocols, operations: async () => kinesisOperations },
  {
    name: 'sts',
    protocols: stsProtocols,
    operations: async () => (await import('../services/sts/operations.ts')).operations,
  },
  {
    name: 'iam',
    protocols: iamProtocols,
    operations: async () => (await import('../services/iam/operations.ts')).operations,
  },
  {
    name: 'kms',
    protocols: kmsProtocols,
    operations: async () => (await import('../services/kms/operations.ts')).operations,
  },
  {
    name: 'cloudwatch',
    protocols: cloudwatchProtocols,
    operations: async () => (await import('../services/cloudwatch/operations.ts')).operations,
  },
  {
    name: 'dynamodb',
    protocols: dynamodbProtocols,
    operations: async () => (await import('../services/dynamodb/operations.ts')).operations,
  },
  {
    name: 'lambda',
    protocols: async () => (await import('../services/lambda/protocols.ts')).protocols,
    operations: async () => (await import('../services/lambda/operations.ts')).operations,
  },
  {
    name: 'firehose',
    protocols: firehoseProtocols,
    operations: async () => (await import('../services/firehose/operations.ts')).operations,
  },
  {
    name: 'millrace',
    protocols: millraceProtocols,
    operations: async () => (await import('../services/millrace/operations.ts')).operations,
  },
];
