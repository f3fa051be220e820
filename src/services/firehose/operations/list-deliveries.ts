import type { DeliverySight } from '../../../delivery/delivery-world.ts';
import { double, list, required, string, structure, timestamp } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';

const delivery = structure('Delivery', {
  Id: required(string()),
  Kind: required(string({ values: ['firehose', 'channel', 'once'] })),
  Name: required(string()),
  Arn: required(string()),
  Destination: required(string({ values: ['s3', 'http', 'iceberg'] })),
  State: required(string({ values: ['running', 'elsewhere', 'waiting', 'failing', 'suspended', 'over'] })),
  Reason: string(),
  FreshnessMillis: required(double()),
  Records: required(double()),
  Bytes: required(double()),
  Objects: required(double()),
  Refused: required(double()),
  BytesPerSecond: required(double()),
  DoneAt: timestamp(),
});

export const listDeliveries = operation({
  name: 'ListDeliveries',
  summary:
    'How the deliveries of delivery streams and channels do: how fresh, how fast, and what holds them up.',
  runs: 'owner',
  input: structure('ListDeliveriesInput', {}),
  output: structure('ListDeliveriesOutput', { Deliveries: required(list(delivery)) }),
  prepare: ({ opened }, _, { account, region }) => ({
    resource: '*',
    run: async () => {
      const sights = await opened().sights();
      const own = sights.filter(({ owner }) => owner.account === account && owner.region === region);
      return { Deliveries: own.map(viewOf) };
    },
  }),
});

function viewOf(sight: DeliverySight) {
  const { owner, freshnessMs, records, bytes, objects, refused } = sight;
  return {
    ...{ Id: sight.id, Kind: owner.kind, Name: owner.name, Arn: owner.arn },
    ...{ Destination: sight.destination, State: sight.state, Reason: sight.reason },
    ...{ FreshnessMillis: freshnessMs, Records: records, Bytes: bytes, Objects: objects },
    ...{ Refused: refused, BytesPerSecond: sight.bytesPerSecond, DoneAt: sight.doneAt },
  };
}
