/**
 * Which of the gateways runs a piece of work: a mapping's shard, a delivery. Where there is only one, it runs
 * all.
 */
export interface Placement {
  /** Asks for one from now on, by its name, until it is let go of. */
  hold(name: string): HeldPlace;
}

export interface HeldPlace extends Disposable {
  /**
   * Whether it is run here now: nobody else runs it before the lease is over by its own clock. Asked again
   * before a batch is begun; checkpoints are compared and set besides.
   */
  isOurs(): boolean;
  /**
   * Another one each time that it comes here: what was known by an earlier one may be out of date, as another
   * gateway may have run it since.
   */
  readonly term: number;
  /** Whether another gateway should run it, which does so once it was handed over. */
  isToMove(): boolean;
  /** Nothing of it runs here any more, and all that was done is committed. `isOurs` is false from then on. */
  handOver(): void;
  /** Resolves when `isOurs` or `isToMove` may answer otherwise, or the signal is aborted. Never rejects. */
  changed(signal: AbortSignal): Promise<void>;
}
