import type { Caller } from '../../../access/caller.ts';
import { deliveryStreamKeyOf } from '../../../delivery/state/delivery-state.ts';
import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import { parseArn, partitionOf, type StreamAddress } from '../../../kinesis/arn.ts';
import { notFound } from '../errors.ts';
import type { OpenedFirehose } from '../world.ts';

/** What a caller names by the name of a delivery stream: one of its own account and region. */
export function addressOf(name: string, { account, region }: Caller): StreamAddress {
  return { account, region, name };
}

export function deliveryStreamArnOf({ account, region, name }: StreamAddress): string {
  return `arn:${partitionOf(region)}:firehose:${region}:${account}:deliverystream/${name}`;
}

/** The delivery stream that an ARN names; undefined for any other text. */
export function parseDeliveryStreamArn(arn: string): StreamAddress | undefined {
  const parsed = parseArn(arn);
  const match = parsed?.service === 'firehose' ? resourceForm.exec(parsed.resource) : null;
  return match === null ? undefined : { account: parsed!.account, region: parsed!.region, name: match[1]! };
}

const resourceForm = /^deliverystream\/([a-zA-Z0-9._-]{1,64})$/;

export function findDeliveryStream(
  { state }: Pick<OpenedFirehose['journal'], 'state'>,
  address: StreamAddress,
): DeliveryStreamRecord | undefined {
  return state.get('stream', deliveryStreamKeyOf(address));
}

/** The same; ResourceNotFoundException where there is none. */
export function requireDeliveryStream(
  journal: Pick<OpenedFirehose['journal'], 'state'>,
  address: StreamAddress,
): DeliveryStreamRecord {
  const found = findDeliveryStream(journal, address);
  if (found === undefined) throw notFound(address);
  return found;
}
