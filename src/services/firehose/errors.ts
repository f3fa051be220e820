import type { StreamAddress } from '../../kinesis/arn.ts';
import { ServiceError } from '../../wire/service-error.ts';
import { string, structure } from '../../wire/shape.ts';

/** The names of the errors of Firehose's model that are answered here. */
type FirehoseErrorType =
  | 'ConcurrentModificationException'
  | 'InvalidArgumentException'
  | 'LimitExceededException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'ServiceUnavailableException';

function firehoseError(type: FirehoseErrorType, message: string): ServiceError {
  return new ServiceError(type, message, type === 'ServiceUnavailableException' ? 500 : 400);
}

export const invalidArgument = (message: string) => firehoseError('InvalidArgumentException', message);
export const inUse = (message: string) => firehoseError('ResourceInUseException', message);
export const limitExceeded = (message: string) => firehoseError('LimitExceededException', message);
export const concurrentlyModified = (message: string) =>
  firehoseError('ConcurrentModificationException', message);
export const unavailable = (message: string) => firehoseError('ServiceUnavailableException', message);

/** The text is AWS's. */
export function notFound({ name, account }: Pick<StreamAddress, 'name' | 'account'>): ServiceError {
  return firehoseError('ResourceNotFoundException', `Firehose ${name} under account ${account} not found.`);
}

/** `code` is KMS's own error. */
export function invalidKey(code: string, message: string): ServiceError {
  return new ServiceError('InvalidKMSResourceException', message, 400, {
    shape: keyErrorShape,
    value: { code },
  });
}

const keyErrorShape = structure('InvalidKMSResourceException', { code: string() });

/** What AWS has and this server has not. */
export const unserved = (what: string) => invalidArgument(`${what} is not served.`);
