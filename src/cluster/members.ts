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
  /**
   * The members whose lease is not over, as far as it is known here; this one among them. By id. The same
   * array for as long as they are the same.
   */
  live(): readonly Member[];
  /** Resolves when `live` answers otherwise, or the signal is aborted. Never rejects. */
  changed(signal: AbortSignal): Promise<void>;
}

/** Work that one member does for all. */
export interface Duty {
  /**
   * Whether this member does it now: nobody else does before its lease is over by its own clock. Asked again
   * before each step that must not be done twice.
   */
  isOurs(): boolean;
  /** The member that does it, if that is known. */
  holder(): Member | undefined;
  /**
   * Of the holder: higher than those of all holders before, so that what they still do can be told apart. 0
   * when there never was one, or the duty was forgotten, as one is that was free for a minute.
   */
  readonly number: number;
  /**
   * Resolves when there is another holder, or none, it is to move, or the signal is aborted. Never rejects.
   */
  changed(signal: AbortSignal): Promise<void>;
}

/** One of many that members share out: as they come and go, each has its part of them. */
export interface SharedDuty extends Duty {
  /**
   * Whether this member has it, and it falls to another one: it is to be handed over as soon as what is done
   * by it has ended.
   */
  isToMove(): boolean;
  /**
   * This member does nothing by it any more, and does not take it before the one that it falls to has had the
   * time to.
   */
  handOver(): void;
}
