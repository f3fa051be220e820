import type { StreamAddress } from '../kinesis/arn.ts';
import { formatShardId } from '../kinesis/shard-id.ts';
import { KeyError, type KeyTrouble } from '../log/log.ts';
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

/**
 * What a call is refused with whose key is not to be had. Any other error is answered as it is, and so is
 * that of a key service which cannot be asked: there AWS has no word for it.
 */
export function keyRefusal(error: unknown): unknown {
  if (!(error instanceof KeyError) || error.code === 'unavailable') return error;
  return new ServiceError(keyErrors[error.code], error.message);
}

/** The names of Kinesis's model (Kinesis API reference, PutRecord and GetRecords, "Errors"). */
const keyErrors: Readonly<Record<Exclude<KeyTrouble, 'unavailable'>, string>> = {
  denied: 'KMSAccessDeniedException',
  disabled: 'KMSDisabledException',
  missing: 'KMSNotFoundException',
  'pending deletion': 'KMSInvalidStateException',
  throttled: 'KMSThrottlingException',
};
