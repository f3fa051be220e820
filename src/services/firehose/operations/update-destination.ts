import { isDeepStrictEqual } from 'node:util';
import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import { structure } from '../../../wire/shape.ts';
import { concurrentlyModified, inUse, invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { keptDestination, requireReached } from '../parts/created-destination.ts';
import { changeDeliveryStream } from '../parts/delivery-change.ts';
import { addressOf, deliveryStreamArnOf, requireDeliveryStream } from '../parts/delivery-stream.ts';
import { passing, requireRoles, rolesIn } from '../parts/roles.ts';
import { updatedDestination } from '../parts/updated-destination.ts';
import { onlyDestinationId } from '../parts/view.ts';
import { type UpdateInput, updateMembers } from '../shapes/update-shapes.ts';

export const updateDestination = operation({
  name: 'UpdateDestination',
  summary:
    'Changes the destination of a delivery stream, member by member; it takes effect with the next objects.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('UpdateDestinationInput', updateMembers),
  output: structure('UpdateDestinationOutput', {}),
  prepare: (world, request, caller) => {
    const address = addressOf(request.DeliveryStreamName, caller);
    const resource = deliveryStreamArnOf(address);
    const roles = rolesIn(request);
    return {
      resource,
      permissions: [{ action: 'firehose:UpdateDestination', resource }, ...passing(roles, caller)],
      run: async () => {
        const opened = world.opened();
        const stream = requireDeliveryStream(opened.journal, address);
        requireCurrent(stream, request);
        const updated = updatedDestination(stream, request);
        requireReached(opened, updated);
        requireRoles(opened, roles);
        const destination = await keptDestination(updated, opened.schemas, address);
        await changeDeliveryStream(world, address, (now) => {
          requireCurrent(now, request);
          // Made again meanwhile, with the same version.
          if (now.id !== stream.id || !isDeepStrictEqual(now.destination, stream.destination)) {
            throw mismatch(now, request);
          }
          return { ...now, destination, version: now.version + 1, updatedAt: world.clock.now() };
        });
        return {};
      },
    };
  },
});

function requireCurrent(stream: DeliveryStreamRecord, request: UpdateInput): void {
  const { name, status, version } = stream;
  if (status !== 'ACTIVE') throw inUse(`Cannot update firehose: ${name} when it is in ${status} status`);
  if (request.CurrentDeliveryStreamVersionId !== String(version)) throw mismatch(stream, request);
  if (request.DestinationId === onlyDestinationId) return;
  throw invalidArgument(`Destination Id ${request.DestinationId} not found`);
}

/** The words are AWS's. */
function mismatch({ name, version }: DeliveryStreamRecord, request: UpdateInput) {
  return concurrentlyModified(
    `Cannot update firehose: ${name} since the current version id: ${version} and specified version id: ` +
      `${request.CurrentDeliveryStreamVersionId} do not match`,
  );
}
