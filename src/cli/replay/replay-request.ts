import type { PlaceOptions } from '../aws-place.ts';
import type { AskedDecoding } from '../read/view-options.ts';
import type { When } from '../read/when.ts';

/** What `millrace replay` is asked for. */
export type ReplayRequest = {
  readonly place: PlaceOptions;
  readonly stream: string;
  /** Where it goes: another stream, another server, or both. */
  readonly to: string;
  readonly toPlace: PlaceOptions;
  readonly from: Exclude<When, 'LATEST'>;
  /** Undefined: it ends where the stream does now. */
  readonly until: Exclude<When, string> | undefined;
  readonly where: string | undefined;
  readonly decoding: AskedDecoding;
  /** Records a second at most; undefined for as many as go. */
  readonly rate: number | undefined;
  /** For machines; undefined where it depends on whether a terminal is there. */
  readonly json: boolean | undefined;
};
