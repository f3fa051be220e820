import { partitionOf } from '../../kinesis/arn.ts';
import type { KeyScope } from './key-service.ts';

/**
 * The policy of a key that was made without one: the account's own policies decide (KMS developer guide,
 * "Default key policy").
 */
export function defaultKeyPolicy({ account, region }: KeyScope): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: rootOf(account, region) },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}

/**
 * The policy of a key that AWS keeps for one of its services: everyone in the account may use the key through
 * the service, and nobody may change it (KMS developer guide, "View a key policy").
 */
export function managedKeyPolicy(service: string, { account, region }: KeyScope): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: `auto-${service}-2`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use it`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': account,
            'kms:ViaService': `${service}.${region}.amazonaws.com`,
          },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: rootOf(account, region) },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*'],
        Resource: '*',
      },
    ],
  });
}

function rootOf(account: string, region: string): string {
  return `arn:${partitionOf(region)}:iam::${account}:root`;
}
