import { checkListings } from './check-listings.ts';
import { checkPlaces } from './check-places.ts';
import { checkReads } from './check-reads.ts';
import { checkRecords } from './check-records.ts';
import { checkSettings } from './check-settings.ts';
import { checkStatuses } from './check-statuses.ts';
import { Expiry } from './expiry.ts';
import type { Model } from './model.ts';
import { checkCounts } from './onlookers/check-counts.ts';
import { checkTails } from './onlookers/check-tails.ts';

/** Every promise that was broken, as a sentence each; none when all is well. */
export function check(model: Model): string[] {
  const expiries = new Map(model.streams.map((stream) => [stream, new Expiry(model, stream)]));
  return [
    ...checkRecords(model, expiries),
    ...[...expiries].flatMap(([stream, expiry]) => [
      ...checkReads(model, stream, expiry),
      ...checkPlaces(model, stream),
      ...checkListings(model, stream, expiry),
      ...checkStatuses(stream),
      ...checkCounts(model, stream),
      ...checkTails(stream),
    ]),
    ...checkSettings(model),
  ];
}
