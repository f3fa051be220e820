import type { ReadableService } from '../rpc/large-body.ts';
import { protocols as cloudwatchProtocols } from '../services/cloudwatch/cloudwatch.ts';
import { operations as cloudwatchOperations } from '../services/cloudwatch/operations.ts';
import { protocols as dynamodbProtocols } from '../services/dynamodb/dynamodb.ts';
import { operations as dynamodbOperations } from '../services/dynamodb/operations.ts';
import { protocols as iamProtocols } from '../services/iam/iam.ts';
import { operations as iamOperations } from '../services/iam/operations.ts';
import { operations } from '../services/kinesis/operations.ts';
import { protocols } from '../services/kinesis/protocols.ts';
import { protocols as kmsProtocols } from '../services/kms/kms.ts';
import { operations as kmsOperations } from '../services/kms/operations.ts';
import { stsForm } from '../services/sts/sts.ts';

/** The services that are served, where their bodies are only read, without a world behind them. */
export const readableServices: readonly ReadableService[] = [
  { name: 'kinesis', protocols, operations },
  stsForm,
  { name: 'iam', protocols: iamProtocols, operations: iamOperations },
  { name: 'kms', protocols: kmsProtocols, operations: kmsOperations },
  { name: 'cloudwatch', protocols: cloudwatchProtocols, operations: cloudwatchOperations },
  { name: 'dynamodb', protocols: dynamodbProtocols, operations: dynamodbOperations },
];
