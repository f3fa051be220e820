/** A gateway of the cluster. */
export type Member = {
  /** Its own for as long as the process runs. */
  readonly id: string;
  /** Where other gateways reach it, `host:port`. */
  readonly address: string;
  readonly rack: string;
};

/** Who is there. Nothing that must be right depends on it: it says whom to ask first. */
export interface Members {
  readonly self: Member;
  /** The members whose lease is not over, as far as it is known here; this one among them. By id. */
  live(): readonly Member[];
  /** Resolves when `live` answers otherwise, or the signal is aborted. Never rejects. */
  changed(signal: AbortSignal): Promise<void>;
}

/** Work that one member does for all. */
export interface Duty {
  /** Whether this member does it now, until a time by its own monotonic clock. */
  isOurs(): boolean;
  /** The member that does it, if that is known. */
  holder(): Member | undefined;
  /**
   * Another number for each time that a member began to do it: while it stays the same, nobody else has done
   * it in between.
   */
  term(): number;
}
