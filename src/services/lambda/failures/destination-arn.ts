import { parseStreamArn, partitionOf, type StreamAddress } from '../../../kinesis/arn.ts';

/** Where failures can go, by the ARN that a mapping has. */
export type DestinationAddress =
  | {
      readonly kind: 'queue' | 'topic';
      readonly region: string;
      readonly account: string;
      readonly name: string;
    }
  | { readonly kind: 'bucket'; readonly name: string }
  | { readonly kind: 'stream'; readonly stream: StreamAddress };

/**
 * Takes a destination's ARN apart: of a queue of SQS, a topic of SNS, a bucket of S3, or a stream of Kinesis.
 * Undefined for others; so are FIFO queues and topics (Lambda developer guide, "Capturing records": standard
 * ones only).
 */
export function parseDestination(arn: string): DestinationAddress | undefined {
  const stream = parseStreamArn(arn);
  if (stream !== undefined) return { kind: 'stream', stream };
  const bucket = bucketForm.exec(arn);
  if (bucket !== null) return { kind: 'bucket', name: bucket[1]! };
  const match = messageForm.exec(arn);
  if (match === null) return undefined;
  const [, partition, service, region, account, name] = match;
  if (partition !== partitionOf(region!)) return undefined;
  const kind = service === 'sqs' ? 'queue' : 'topic';
  if (kind === 'queue' && name!.length > queueNameMax) return undefined;
  return { kind, region: region!, account: account!, name: name! };
}

/** Names of buckets (S3 user guide, "General purpose bucket naming rules"): none is `.` or `..`. */
const bucketForm = /^arn:aws[a-z-]*:s3:::([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])$/;
const messageForm = /^arn:(aws[a-z-]*):(sqs|sns):([a-z0-9-]{1,64}):(\d{12}):([A-Za-z0-9_-]{1,256})$/;
/** SQS API reference, CreateQueue. */
const queueNameMax = 80;
