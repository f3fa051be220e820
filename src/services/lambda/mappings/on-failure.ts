import { parseArn, parseStreamArn } from '../../../kinesis/arn.ts';
import { invalidValue } from '../errors.ts';

/**
 * Where what a mapping gives up may go (Lambda developer guide, "Retaining discarded batch records for
 * Kinesis"): a standard queue, a standard topic, a bucket; here, a stream as well. Anything else is refused.
 */
export function checkOnFailure(destination: string): void {
  const arn = parseArn(destination);
  const isKnown =
    /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/.test(destination) ||
    parseStreamArn(destination) !== undefined ||
    (arn?.service === 'sqs' && /^[a-zA-Z0-9_-]{1,80}$/.test(arn.resource)) ||
    (arn?.service === 'sns' && /^[a-zA-Z0-9_-]{1,256}$/.test(arn.resource));
  if (!isKnown) throw invalidValue(`The destination ARN ${destination} is invalid.`);
}
