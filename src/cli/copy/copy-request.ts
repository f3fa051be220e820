import type { PlaceOptions } from '../aws-place.ts';

/** What `millrace copy` is asked for. */
export type CopyRequest = {
  readonly from: CopyEnd;
  readonly to: CopyEnd;
  /** The stream's name at the source. */
  readonly stream: string;
  /** Its name at the target. */
  readonly as: string;
  /** Path of the file that says how far the copy has come. */
  readonly state: string;
  /** Whether the copy goes on with what arrives until it is told to end. */
  readonly follows: boolean;
};

/** One end of a copy, which is always named. */
export type CopyEnd = PlaceOptions & { readonly endpoint: string };
