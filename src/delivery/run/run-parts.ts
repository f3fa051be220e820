import { streamKeyOf } from '../../catalog/state.ts';
import type { Stream } from '../../kinesis/stream.ts';
import type { DeliverySpec } from '../delivery-spec.ts';
import type { DeliveryWorld } from '../delivery-world.ts';
import type { GivenUp } from '../destination/given-up.ts';
import type { FormatterThread } from '../formatter/formatter-thread.ts';
import type { DeliveryMeter } from './delivery-meter.ts';

/** What a run of a delivery is made of: none of it changes while it runs. */
export type RunParts = {
  readonly world: DeliveryWorld;
  readonly formatter: FormatterThread;
  readonly spec: DeliverySpec;
  readonly meter: DeliveryMeter;
  /** What an earlier run has given up of the chunk that is planned. */
  readonly givenUp?: GivenUp | undefined;
  /** Whether it may run here still. */
  readonly isOurs: () => boolean;
};

/** The source as it is now; undefined once it is gone, or another stream has its name. */
export function sourceOf({
  world,
  spec: { source },
}: {
  readonly world: Pick<DeliveryWorld, 'catalog'>;
  readonly spec: Pick<DeliverySpec, 'source'>;
}): Stream | undefined {
  const stream = world.catalog.state.streams.get(streamKeyOf(source.stream));
  return stream?.id === source.streamId ? stream : undefined;
}
