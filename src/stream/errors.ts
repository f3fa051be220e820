import type { StreamAddress } from '../kinesis/arn.ts';
import { formatShardId } from '../kinesis/shard-id.ts';
import { ServiceError } from '../wire/service-error.ts';

// What writing and reading streams is refused with, in AWS's words. Other texts stand with the operations.

export function streamNotFound({ name, account }: StreamAddress): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Stream ${name} under account ${account} not found.`);
}

/** A consumer that went away while it was subscribed. */
export function consumerGone({ name, account }: StreamAddress, consumer: string): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `Consumer ${consumer} of stream ${name} under account ${account} not found.`,
  );
}

/** What a shard says when more is written than its limits allow. */
export function rateExceeded(shardId: string, { name, account }: StreamAddress): string {
  return `Rate exceeded for shard ${shardId} in stream ${name} under account ${account}.`;
}

/** The same for reads: AWS words it differently since 2023. */
export function readRateExceeded(shard: number, { name, account }: StreamAddress): ServiceError {
  return new ServiceError(
    'ProvisionedThroughputExceededException',
    `Rate exceeded for Shard - ${account}/${name}/${formatShardId(shard)}`,
  );
}
