import type { PlaceOptions } from '../aws-place.ts';

/** What is asked for about deliveries. */
export type DeliveryRequest = DeliveryAction &
  PlaceOptions & {
    /** For machines; undefined where it depends on whether a terminal is there. */
    readonly json: boolean | undefined;
  };

/**
 * `delivery` is an id or its beginning, an ARN, or the name of a delivery stream or channel that no other one
 * has.
 */
export type DeliveryAction = { readonly kind: 'list' } | { readonly kind: 'show'; readonly delivery: string };
