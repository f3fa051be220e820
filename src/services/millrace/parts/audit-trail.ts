import type { Millis } from '../../../env/clock.ts';

/** The audit log as it lies in files, the newest record first. */
export interface AuditTrail {
  /**
   * Records from a place on, until there are enough, or so much was read that others should have their turn:
   * then `next` says where to go on, also where there are none of those that were asked for. Undefined `from`
   * begins at the newest one. InvalidArgumentException for a place that is none.
   */
  read(asked: AuditQuery, from: string | undefined, recordsMax: number): Promise<AuditPage>;
}

/** Which records are wanted: each that is not undefined has to fit. */
export type AuditQuery = {
  readonly account: string;
  readonly region: string;
  readonly since?: Millis | undefined;
  /** Before this. */
  readonly until?: Millis | undefined;
  /** A part of the caller's ARN, of its name, or of its access key. */
  readonly caller?: string | undefined;
  /** A name, `PutRecord`, or with its service: `kinesis:PutRecord`. */
  readonly operation?: string | undefined;
  /** A part of the resource's ARN. */
  readonly resource?: string | undefined;
  /** `ok`, `failed`, or the code of an error. */
  readonly outcome?: string | undefined;
};

export type AuditPage = { readonly records: readonly SeenAuditRecord[]; readonly next: string | undefined };

export type SeenAuditRecord = {
  readonly at: Millis;
  readonly caller: string;
  readonly operation: string;
  readonly resource?: string | undefined;
  readonly peer?: string | undefined;
  readonly outcome: string;
  readonly requestId: string;
  readonly json: string;
};
