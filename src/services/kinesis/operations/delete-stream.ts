import { channelsOf, streamKeyOf } from '../../../catalog/state.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { boolean, structure } from '../../../wire/shape.ts';
import { resourceInUse } from '../errors.ts';
import { operation } from '../operation.ts';
import { target } from '../parts/shapes.ts';
import { changeStream } from '../parts/stream-change.ts';
import { requireActive } from '../parts/target.ts';

export const deleteStream = operation({
  name: 'DeleteStream',
  summary: 'Deletes a stream and its records; it is DELETING at first and gone soon after.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('DeleteStreamInput', { ...target, EnforceConsumerDeletion: boolean() }),
  output: undefined,
  prepare: (world, request, caller) =>
    changeStream(world, request, caller, (stream, state) => {
      if (stream.status === 'DELETING') requireActive(stream);
      if (channelsOf(state, stream).length > 0) throw hasChannels(stream);
      if (stream.consumers.length > 0 && !request.EnforceConsumerDeletion) throw hasConsumers(stream);
      const change = { kind: 'delete', since: world.clock.now() } as const;
      return [{ kind: 'change-begun', key: streamKeyOf(stream), change }];
    }),
});

/** No consumer goes before it is known that the stream may go (API reference, DeleteStream). */
function hasChannels({ name, account }: Stream): ServiceError {
  return resourceInUse(
    `DeleteStream can't delete ${account}:${name} because there are channels associated with this data stream.`,
  );
}

function hasConsumers({ name, account }: Stream): ServiceError {
  return resourceInUse(
    `DeleteStream can't delete ${account}:${name} because there are consumers associated with this data stream. ` +
      `To delete ${name} anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the ` +
      'consumers that are associated with it.',
  );
}
