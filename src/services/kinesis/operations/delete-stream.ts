import { streamKeyOf } from '../../../catalog/state.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { boolean, structure } from '../../../wire/shape.ts';
import { kinesisError } from '../errors.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { target } from '../parts/shapes.ts';
import { requireStreamAt } from '../parts/target.ts';

export const deleteStream = operation({
  name: 'DeleteStream',
  summary: 'Deletes a stream and its records; it is DELETING at first and gone soon after.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('DeleteStreamInput', { ...target, EnforceConsumerDeletion: boolean() }),
  output: undefined,
  prepare: ({ catalog, clock, background }, request, caller) =>
    onStream(request, caller, async (address) => {
      await catalog.commit((state) => {
        const stream = requireStreamAt(state, address);
        if (stream.status === 'DELETING') {
          throw kinesisError(
            'ResourceInUseException',
            `Stream ${stream.name} under account ${stream.account} not ACTIVE, instead in state DELETING`,
          );
        }
        if (stream.consumers.length > 0 && !request.EnforceConsumerDeletion) throw hasConsumers(stream);
        const change = { kind: 'delete', since: clock.now() } as const;
        return [{ kind: 'change-begun', key: streamKeyOf(stream), change }];
      });
      background.nudge();
    }),
});

function hasConsumers({ name, account }: Stream): ServiceError {
  return kinesisError(
    'ResourceInUseException',
    `DeleteStream can't delete ${account}:${name} because there are consumers associated with this data stream. ` +
      `To delete ${name} anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the ` +
      'consumers that are associated with it.',
  );
}
