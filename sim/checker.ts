import { checkListings } from './check-listings.ts';
import { checkPlaces } from './check-places.ts';
import { checkReads } from './check-reads.ts';
import { checkRecords } from './check-records.ts';
import { checkSettings } from './check-settings.ts';
import { checkStatuses } from './check-statuses.ts';
import type { Model } from './model.ts';

/** Every promise that was broken, as a sentence each; none when all is well. */
export function check(model: Model): string[] {
  return [
    ...checkRecords(model),
    ...model.streams.flatMap((stream) => [
      ...checkReads(model, stream),
      ...checkPlaces(model, stream),
      ...checkListings(model, stream),
      ...checkStatuses(stream),
      ...checkSettings(stream),
    ]),
  ];
}
