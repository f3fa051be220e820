import type { PlaceOptions } from '../aws-place.ts';
import type { AskedDecoding } from '../read/view-options.ts';
import type { When } from '../read/when.ts';

/** What `millrace query` is asked for. */
export type QueryRequest = {
  readonly place: PlaceOptions;
  readonly stream: string;
  readonly sql: string;
  readonly since: Exclude<When, 'LATEST'>;
  /** Undefined: it ends where the stream does now. */
  readonly until: Exclude<When, string> | undefined;
  readonly decoding: AskedDecoding;
  /** For machines; undefined where it depends on whether a terminal is there. */
  readonly json: boolean | undefined;
};
