import type { DeliveryEncryption, DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import type { Millis } from '../../../env/clock.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import { inUse, invalidArgument, limitExceeded } from '../errors.ts';
import type { FirehoseWorld } from '../world.ts';
import { changeDeliveryStream, requireActive } from './delivery-change.ts';

/**
 * A delivery stream that is not encrypted with a key of its own, and is to be so no longer, stays as it is.
 */
export async function changeEncryption(
  world: FirehoseWorld,
  address: StreamAddress,
  encryption: DeliveryEncryption,
): Promise<void> {
  const now = world.clock.now();
  await changeDeliveryStream(world, address, (stream) => {
    requireEncryptable(stream);
    if (encryption.status === 'DISABLING' && stream.encryption.status === 'DISABLED') return stream;
    const changedAt = [...recentOf(stream.encryption, now), now];
    if (world.limited && changedAt.length > changesMax) throw tooMany(stream);
    return { ...stream, encryption: { ...encryption, changedAt }, updatedAt: now };
  });
}

/**
 * Calls of StartDeliveryStreamEncryption and StopDeliveryStreamEncryption for a delivery stream in 24 hours
 * (Firehose API reference, StartDeliveryStreamEncryption).
 */
const changesMax = 25;
const dayMs: Millis = 24 * 3_600_000;

function recentOf({ changedAt = [] }: DeliveryEncryption, now: Millis): Millis[] {
  return changedAt.filter((at) => at > now - dayMs);
}

function tooMany({ name, account }: DeliveryStreamRecord) {
  return limitExceeded(
    `The encryption of firehose ${name} under account ${account} can be changed at most ${changesMax} times in 24 hours.`,
  );
}

/** ResourceInUseException while another change is under way. */
export function requireEncryptable(stream: DeliveryStreamRecord): void {
  requireActive(stream);
  const { name, account, encryption } = stream;
  if (encryption.status !== 'ENABLING' && encryption.status !== 'DISABLING') return;
  throw inUse(`The encryption of firehose ${name} under account ${account} is ${encryption.status}.`);
}

/** The words are AWS's. */
export function requireDirectPut({ type }: DeliveryStreamRecord): void {
  if (type === 'DirectPut') return;
  throw invalidArgument(
    'Server side encryption from firehose is only allowed for direct put delivery streams and database as a ' +
      'source delivery streams',
  );
}
