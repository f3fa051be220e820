import type { Caller } from '../../../access/caller.ts';
import { deliveryStreamKeyOf } from '../../../delivery/state/delivery-state.ts';
import type { DeliveryEncryption, DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import { uuid } from '../../../env/random.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { invalidArgument, unserved } from '../errors.ts';
import type { CreateInput } from '../shapes/create-shapes.ts';
import type { FirehoseWorld, OpenedFirehose } from '../world.ts';
import { createdDestination, keptDestination, requireReached } from './created-destination.ts';
import { findHidden, hiddenAddressOf, hiddenStream } from './hidden-stream.ts';
import { requireRoles, rolesIn } from './roles.ts';
import { mergeTags } from './tags.ts';

/** A delivery stream as a request has it made, in CREATING. Rejects with what is wrong with the request. */
export async function creationOf(
  world: FirehoseWorld,
  request: CreateInput,
  address: StreamAddress,
  caller: Caller,
): Promise<DeliveryStreamRecord> {
  const opened = world.opened();
  const now = world.clock.now();
  const { type, source } = sourceOf(request, now);
  const described = createdDestination(request);
  requireReached(opened, described);
  const tags = mergeTags([], request.Tags ?? []);
  requireRoles(opened, rolesIn(request));
  if (source !== undefined) opened.requireSource(source.streamArn, source.role);
  const encryption = encryptionOf(request.DeliveryStreamEncryptionConfigurationInput, type, address.region);
  const { keyArn } = encryption;
  const destination = await keptDestination(described, opened.schemas, address);
  if (keyArn !== undefined) await opened.keys.require(keyArn, hiddenAddressOf(address), caller);
  return {
    ...address,
    id: uuid(world.random),
    type,
    source,
    throughputHintMiB: request.DirectPutSourceConfiguration?.ThroughputHintInMBs,
    status: 'CREATING',
    encryption,
    createdAt: now,
    updatedAt: now,
    version: 1,
    destination,
    tags,
  };
}

function sourceOf(
  request: CreateInput,
  now: number,
): Pick<DeliveryStreamRecord, 'source'> & { readonly type: DeliveryStreamRecord['type'] } {
  const { DeliveryStreamType: type = 'DirectPut', KinesisStreamSourceConfiguration: kinesis } = request;
  if (type === 'MSKAsSource' || request.MSKSourceConfiguration !== undefined) {
    throw unserved('A topic of Amazon MSK as a source');
  }
  if (type === 'DatabaseAsSource' || request.DatabaseSourceConfiguration !== undefined) {
    throw unserved('A database as a source');
  }
  if (type === 'DirectPut') {
    if (kinesis === undefined) return { type };
    throw invalidArgument(
      'KinesisSourceStreamConfig is only applicable for KinesisStreamAsSource stream type',
    );
  }
  if (request.DirectPutSourceConfiguration !== undefined) {
    throw invalidArgument('DirectPutSourceConfiguration is only applicable for DirectPut stream type');
  }
  if (kinesis === undefined) {
    throw invalidArgument('KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type.');
  }
  return { type, source: { streamArn: kinesis.KinesisStreamARN, role: kinesis.RoleARN, startedAt: now } };
}

type EncryptionInput = CreateInput['DeliveryStreamEncryptionConfigurationInput'];

/** What a request asks for, ENABLING; DISABLED where it asks for nothing. The texts are AWS's (recorded). */
export function encryptionOf(
  input: EncryptionInput,
  type: DeliveryStreamRecord['type'],
  region: string,
): DeliveryEncryption {
  if (input === undefined) return { status: 'DISABLED' };
  if (type !== 'DirectPut') {
    throw invalidArgument(
      'Server side encryption from firehose is only allowed for direct put delivery streams and database as a ' +
        'source delivery streams',
    );
  }
  const { KeyType: keyType, KeyARN: keyArn } = input;
  if (keyType === 'CUSTOMER_MANAGED_CMK' && keyArn === undefined) {
    throw invalidArgument('KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK');
  }
  if (keyType === 'AWS_OWNED_CMK' && keyArn !== undefined) {
    throw invalidArgument('KeyARN cannot be specified when KeyType is AWS_OWNED_CMK');
  }
  if (keyArn !== undefined && keyArn.split(':')[3] !== region) {
    throw invalidArgument(
      'Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as firehose',
    );
  }
  return { status: 'ENABLING', keyType, keyArn };
}

/**
 * Makes the hidden stream of a delivery stream that gets its records by puts; nothing where it is there. When
 * the catalog has no room for it, the delivery stream goes again, and that is what this rejects with.
 */
export async function makeHidden(
  { catalog, clock, encryptionKey }: FirehoseWorld,
  journal: OpenedFirehose['journal'],
  stream: DeliveryStreamRecord,
): Promise<void> {
  if (stream.type !== 'DirectPut') return;
  try {
    await catalog.commit((state) => {
      if (findHidden(state, stream) !== undefined) return [];
      const hidden = hiddenStream(state, stream, clock.now(), encryptionKey);
      return [{ kind: 'stream-created', stream: hidden }];
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const key = deliveryStreamKeyOf(stream);
    await journal.commit((state) =>
      state.get('stream', key)?.id === stream.id ? [{ kind: 'forgotten', of: 'stream', key }] : [],
    );
    throw error;
  }
}
