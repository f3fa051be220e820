import type { DeliverySpec } from '../../delivery/delivery-spec.ts';
import type { DeliverySight } from '../../delivery/delivery-world.ts';
import { deliveryKey } from '../../delivery/state/delivery-key.ts';
import type { DeliveryJournal } from '../../delivery/state/delivery-state.ts';
import type { Engine } from '../../log/log.ts';
import { LatePart, type LatePartWorld, type RunningPart } from '../../rpc/late-part.ts';
import type { OpenedFirehose } from '../../services/firehose/world.ts';
import type { ChannelActivation } from '../../stream/channel-lifecycle.ts';

/** What there is of deliveries once they are opened. */
export type OpenedDelivery = {
  readonly journal: DeliveryJournal;
  readonly firehose: OpenedFirehose;
  /** Has channels begin. */
  readonly channels: ChannelActivation;
  /** All deliveries that there are to be. */
  readonly specs: () => readonly DeliverySpec[];
  /** Of the deliveries that are known here. */
  readonly sight: () => readonly DeliverySight[];
};

export type LateDelivery = LatePart<OpenedDelivery>;
export type RunningDelivery = RunningPart<OpenedDelivery>;

/** Delivery streams, channels' progress and what delivers, which are opened when they are asked for. */
export function lateDelivery(log: Engine, world: Omit<LatePartWorld, 'called'>): LateDelivery {
  return new LatePart(log, deliveryKey, { ...world, called: 'Delivery' });
}
