import { type DeliveryState, deliveryStreamKeyOf } from '../../../delivery/state/delivery-state.ts';
import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import { structure } from '../../../wire/shape.ts';
import { inUse, limitExceeded } from '../errors.ts';
import { operation } from '../operation.ts';
import { creationOf, makeHidden } from '../parts/creation.ts';
import { addressOf, deliveryStreamArnOf } from '../parts/delivery-stream.ts';
import { passing, rolesIn } from '../parts/roles.ts';
import { tagContext } from '../parts/tags.ts';
import { createInput } from '../shapes/create-shapes.ts';
import { deliveryStreamArn } from '../shapes/stream-shapes.ts';
import type { FirehoseWorld } from '../world.ts';

export const createDeliveryStream = operation({
  name: 'CreateDeliveryStream',
  summary: 'Makes a delivery stream to S3, an HTTP endpoint or Iceberg tables; it is ACTIVE soon after.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: createInput,
  output: structure('CreateDeliveryStreamOutput', { DeliveryStreamARN: deliveryStreamArn }),
  prepare: (world, request, caller) => {
    const address = addressOf(request.DeliveryStreamName, caller);
    const resource = deliveryStreamArnOf(address);
    return {
      resource,
      context: tagContext(request.Tags),
      permissions: [
        { action: 'firehose:CreateDeliveryStream', resource },
        ...(request.Tags === undefined ? [] : [{ action: 'firehose:TagDeliveryStream', resource }]),
        ...passing(rolesIn(request), caller),
      ],
      run: async () => {
        const opened = world.opened();
        const stream = await creationOf(world, request, address, caller);
        await opened.journal.commit((state) => {
          requireRoom(state, stream, world);
          return [{ kind: 'said', of: 'stream', key: deliveryStreamKeyOf(stream), value: stream }];
        });
        await makeHidden(world, opened.journal, stream);
        opened.nudge();
        return { DeliveryStreamARN: resource };
      },
    };
  },
});

/** AWS's quota for an account in a region (Firehose API reference, CreateDeliveryStream). */
const deliveryStreamsMax = 5_000;

/** The words are AWS's. */
function requireRoom(state: DeliveryState, stream: DeliveryStreamRecord, { limited }: FirehoseWorld): void {
  const { account, region, name } = stream;
  if (state.get('stream', deliveryStreamKeyOf(stream)) !== undefined) {
    throw inUse(`Firehose ${name} under accountId ${account} already exists`);
  }
  if (!limited) return;
  const count = Array.from(state.within('stream', `${account}/${region}/`)).length;
  if (count < deliveryStreamsMax) return;
  throw limitExceeded(
    `You have already consumed your firehose quota of ${deliveryStreamsMax} hoses in ${region}.`,
  );
}
