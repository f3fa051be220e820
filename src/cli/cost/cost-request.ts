import type { PlannedLoad } from '../../cost/usage.ts';
import type { Millis } from '../../env/clock.ts';
import type { PlaceOptions } from '../aws-place.ts';

/** What `millrace cost` is asked for. */
export type CostRequest = (
  | { readonly kind: 'planned'; readonly load: PlannedLoad }
  | {
      readonly kind: 'live';
      readonly place: PlaceOptions;
      /** Names; undefined for all streams. */
      readonly streams: readonly string[] | undefined;
      /** Over how long it is looked at; undefined for since counting began, and at AWS for the last day. */
      readonly overMs: Millis | undefined;
      /** A tag by whose values streams are summed up. */
      readonly tag: string | undefined;
    }
) & {
  /** For machines; undefined where it depends on whether a terminal is there. */
  readonly json: boolean | undefined;
};
