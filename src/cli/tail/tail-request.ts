import type { PlaceOptions } from '../aws-place.ts';
import type { AskedDecoding } from '../read/view-options.ts';
import type { When } from '../read/when.ts';

/** What `millrace tail` is asked for. */
export type TailRequest = {
  readonly place: PlaceOptions;
  readonly stream: string;
  readonly from: When;
  /** Ids; undefined for all. */
  readonly shards: readonly string[] | undefined;
  readonly where: string | undefined;
  readonly decoding: AskedDecoding;
  /** After so many records it ends; undefined for never. */
  readonly limit: number | undefined;
  /** For machines; undefined where it depends on whether a terminal is there. */
  readonly json: boolean | undefined;
};
