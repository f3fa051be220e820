import { boolean, integer, list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { deliveryStreamName, deliveryStreamType } from '../shapes/stream-shapes.ts';

/** AWS's default (Firehose API reference, ListDeliveryStreams). */
const usualLimit = 10;

export const listDeliveryStreams = operation({
  name: 'ListDeliveryStreams',
  summary: 'Lists the names of delivery streams, of one type or all, in their order.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('ListDeliveryStreamsInput', {
    Limit: integer({ min: 1, max: 10_000 }),
    DeliveryStreamType: deliveryStreamType,
    ExclusiveStartDeliveryStreamName: deliveryStreamName,
  }),
  output: structure('ListDeliveryStreamsOutput', {
    DeliveryStreamNames: required(list(deliveryStreamName)),
    HasMoreDeliveryStreams: required(boolean()),
  }),
  prepare: ({ opened }, request, { account, region }) => ({
    resource: '*',
    run: async () => {
      const { ExclusiveStartDeliveryStreamName: after = '', DeliveryStreamType: type } = request;
      const rest = Array.from(
        opened().journal.state.within('stream', `${account}/${region}/`),
        ([, of]) => of,
      )
        .filter((of) => of.name > after && (type === undefined || of.type === type))
        .map(({ name }) => name);
      const names = rest.slice(0, request.Limit ?? usualLimit);
      return { DeliveryStreamNames: names, HasMoreDeliveryStreams: names.length < rest.length };
    },
  }),
});
