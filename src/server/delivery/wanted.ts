import type { Catalog } from '../../catalog/catalog.ts';
import type { DeliverySpec } from '../../delivery/delivery-spec.ts';
import type { WantedDeliveries } from '../../delivery/delivery-world.ts';
import type { DeliveryJournal } from '../../delivery/state/delivery-state.ts';
import { Bell } from '../../env/bell.ts';
