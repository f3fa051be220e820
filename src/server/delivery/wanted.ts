import type { Catalog } from '../../catalog/catalog.ts';
import { channelSpecsOf, type TableCatalogs } from '../../delivery/channel/channel-spec.ts';
import type { WantedDeliveries } from '../../delivery/delivery-world.ts';
import type { DeliveryEdit, DeliveryState } from '../../delivery/state/delivery-state.ts';
import type { FollowedJournal } from '../../journal/journal.ts';
import { deliverySpecsOf } from '../../services/firehose/parts/delivery-specs.ts';
import type { SpecSettings } from '../../services/firehose/parts/destination-spec.ts';

/** Deliveries are wanted by delivery streams of Firehose and by channels. */
export function wantedDeliveries(
  journal: FollowedJournal<DeliveryState, DeliveryEdit>,
  catalog: Catalog,
  {
    catalogs,
    warehouses,
  }: { readonly catalogs: TableCatalogs; readonly warehouses: SpecSettings['catalogOf'] },
): WantedDeliveries {
  let changes = 0;
  journal.follow(({ edits }) => {
    // Progress is noted all the time, and nobody wants anything else for it.
    const isNews = edits.some(({ of, kind }) => of === 'stream' || kind === 'forgotten');
    if (isNews) changes++;
  });
  return {
    all: () => [
      ...deliverySpecsOf(catalog.state, journal.state, { catalogOf: warehouses }),
      ...channelSpecsOf(catalog.state, journal.state, catalogs),
    ],
    async changed(signal) {
      const seen = changes;
      while (changes === seen && !signal.aborted) await journal.changed(signal);
    },
  };
}
