import type { Answer, Client } from '../answer.ts';
import type { Work } from '../workload.ts';
import type { DeliveriesModel } from './delivery-model.ts';

/** What a client of deliveries works with: `client` speaks to Kinesis. */
export type DeliveryWork = Work & { readonly firehose: Client; readonly deliveries: DeliveriesModel };

/** The bucket that all is delivered into. */
export const bucketArn = 'arn:aws:s3:::lake';
export const roleArn = 'arn:aws:iam::000000000000:role/delivers';

/** Errors that a right server may answer to any of these clients: others are in trouble, or just faster. */
const expected = [
  'ResourceInUseException', // An earlier request whose answer was lost has done it, or it is changing.
  'LimitExceededException',
  'ThrottlingException',
];

/** Notes an error that a right request may not get. */
export function complainOfDelivery(
  { world }: DeliveryWork,
  { name }: Client,
  answer: Answer<unknown>,
  also: readonly string[] = [],
): void {
  if (answer.kind !== 'error' || expected.includes(answer.type) || also.includes(answer.type)) return;
  // A server that is about to end begins nothing of deliveries any more.
  if ((world.isFaulty || world.isClosing) && isTrouble(answer.type)) return;
  world.violate(`${name} got ${answer.type}: ${answer.message}`);
}

/** Whether an error leaves open what became of the request. */
export function isTrouble(type: string): boolean {
  return type.startsWith('Internal') || type === 'ServiceUnavailableException';
}
