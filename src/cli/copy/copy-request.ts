/** What `millrace copy` is asked for. */
export type CopyRequest = {
  readonly from: EndName;
  readonly to: EndName;
  /** The stream's name at the source. */
  readonly stream: string;
  /** Its name at the target. */
  readonly as: string;
  /** Path of the file that says how far the copy has come. */
  readonly state: string;
  /** Whether the copy goes on with what arrives until it is told to end. */
  readonly follows: boolean;
};

/** One end of a copy: where it is, and as whom it is asked. */
export type EndName = {
  /** A URL, `unix:PATH`, or `aws:REGION`. */
  readonly place: string;
  /** A profile of the shared-credentials file; undefined for what the variables of AWS's SDKs say. */
  readonly profile: string | undefined;
};
