import type { CatalogState } from '../../../catalog/state.ts';
import { findStream } from '../../../catalog/state.ts';
import type { DeliverySpec } from '../../../delivery/delivery-spec.ts';
import type { DeliveryState } from '../../../delivery/state/delivery-state.ts';
import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import { parseStreamArn } from '../../../kinesis/arn.ts';
import { isServing, type Stream } from '../../../kinesis/stream.ts';
import { deliveryStreamArnOf } from './delivery-stream.ts';
import { destinationOf } from './destination.ts';
import { type SpecSettings, specOfDestination } from './destination-spec.ts';
import { hiddenAddressOf } from './hidden-stream.ts';

export function deliveryIdOf({ id }: Pick<DeliveryStreamRecord, 'id'>): string {
  return `firehose/${id}`;
}

/**
 * The deliveries of all delivery streams whose source is there. One whose stream is gone has nothing to
 * deliver, and what is known of it may be forgotten: a stream that is made anew is another one.
 */
export function deliverySpecsOf(
  catalog: CatalogState,
  deliveries: DeliveryState,
  settings: SpecSettings,
): DeliverySpec[] {
  const specs: DeliverySpec[] = [];
  for (const [, stream] of deliveries.entries('stream')) {
    const source = stream.status === 'ACTIVE' ? sourceOf(catalog, stream) : undefined;
    if (source !== undefined) specs.push(specOf(stream, source, settings));
  }
  return specs;
}

function sourceOf(catalog: CatalogState, of: DeliveryStreamRecord): Stream | undefined {
  const address = of.source === undefined ? hiddenAddressOf(of) : parseStreamArn(of.source.streamArn);
  const stream = address && findStream(catalog, address);
  return stream !== undefined && isServing(stream) ? stream : undefined;
}

/**
 * What a delivery stream is to deliver. `source` is the stream that it reads: its own hidden one, or another.
 */
export function specOf(of: DeliveryStreamRecord, source: Stream, settings: SpecSettings): DeliverySpec {
  const { account, region, name, version } = of;
  return {
    id: deliveryIdOf(of),
    revision: `${version}`,
    owner: {
      ...{ kind: 'firehose', account, region, name },
      ...{ arn: deliveryStreamArnOf(of), number: String(version) },
    },
    source: {
      stream: { account: source.account, region: source.region, name: source.name },
      streamId: source.id,
      arn: of.source?.streamArn,
      role: of.source?.role,
      // What was put before it was made is none of it (Firehose developer guide, "Kinesis Data Streams").
      start:
        of.source === undefined
          ? { kind: 'TRIM_HORIZON' }
          : { kind: 'AT_TIMESTAMP', at: of.source.startedAt },
      isOnce: false,
    },
    ...specOfDestination(of, destinationOf(of), settings),
  };
}
