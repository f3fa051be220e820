import type { PlaceOptions } from '../aws-place.ts';

/** What is asked for about event source mappings. */
export type MappingRequest = MappingAction &
  PlaceOptions & {
    /** For machines; undefined where it depends on whether a terminal is there. */
    readonly json: boolean | undefined;
  };

/** `mapping` is a UUID or its beginning, or the name of a function that has one mapping. */
export type MappingAction =
  | { readonly kind: 'list' }
  | { readonly kind: 'show' | 'failures'; readonly mapping: string }
  | { readonly kind: 'failure'; readonly mapping: string; readonly number: number }
  /** All that are pending when there are no numbers. */
  | { readonly kind: 'redrive'; readonly mapping: string; readonly numbers: readonly number[] }
  | { readonly kind: 'enable' | 'disable'; readonly mapping: string };
